package dev.tandem.evidence.advice;

import java.util.List;
import java.util.Optional;

/**
 * Every rule, in the order in which they are heard: hard constraints, knowledge, behaviour, resources, and what follows
 * from them together.
 */
final class Rules {

    static final List<Rule> ALL = List.of(
            new Rule("r1", "S2:6,15,86,101", HardRules::r1),
            new Rule("r2", "S0:87,210 S2:6,14,100 S3:30 S4:76,136", HardRules::r2),
            new Rule("r3", "S4:140 S0:175", HardRules::r3),
            new Rule("r4", "S2:21", HardRules::r4),
            new Rule("r5", "S4:139 S0:211", HardRules::r5),
            new Rule("x5", "S4:148 S2:22", HardRules::x5),
            new Rule("r7", "S1:15", KnowledgeRules::r7),
            new Rule("r6", "S4:135", KnowledgeRules::r6),
            new Rule("x8", "S4:135 S3:29 S2:146", KnowledgeRules::x8),
            new Rule("r8", "S4:137", KnowledgeRules::r8),
            new Rule("r10", "S0:214 S1:31 S2:158", KnowledgeRules::r10),
            new Rule("x9", "S0:185 S2:124–128", KnowledgeRules::x9),
            new Rule("r21", "S2:60", KnowledgeRules::r21),
            new Rule("x1", "S0:165 S4:147,194 S2:6,154 S1:52 S3:22", BehaviourRules::x1),
            new Rule("r14", "S4:147 S2:6", BehaviourRules::r14),
            new Rule("r23", "S2:154", BehaviourRules::r23),
            new Rule("r13", "S0:219–224 S1:35–38 S3:34,36 S4:144–145", BehaviourRules::r13),
            new Rule("x10", "S0:117 S2:60,154 S3:56 S1:56", BehaviourRules::x10),
            new Rule("r16", "S4:148", BehaviourRules::r16),
            new Rule("r15", "S4:146 S3:35 S2:59", ResourceRules::r15),
            new Rule("r20", "S1:37 S2:136–140", BehaviourRules::r20),
            new Rule("r17", "S4:149 S1:47 S3:54", BehaviourRules::r17),
            new Rule("r19", "S4:153–155 S1:59,63 S2:6 S3:55", BehaviourRules::r19),
            new Rule("r9", "S4:138 S0:213", ResourceRules::r9),
            new Rule("r11", "S0:212 S4:82", ResourceRules::r11),
            new Rule("r12", "S1:33 S3:32", ResourceRules::r12),
            new Rule("r18", "S2:156 S0:130", ResourceRules::r18),
            new Rule("x7", "S1:44,67 S2:154,160 S4:171", Rules::x7),
            new Rule("r22", "S0:226 S1:47,66 S3:53 S4:212", Rules::r22),
            new Rule("x2", "S0:84,123 S1:41,65 S2:18", ResourceRules::x2),
            new Rule("x3", "S0:128,130 S2:156", ResourceRules::x3),
            new Rule("x4", "S0:85 S2:17 S3:37 S4:111", ResourceRules::x4),
            new Rule("x6", "S0:54,74,110–115 S3:17 S1:12 S2:89", KnowledgeRules::x6),
            new Rule("x11", "S2:16,44 S0:181", ResourceRules::x11),
            new Rule("x12", "S1:41–43,65", ResourceRules::x12),
            new Rule("x13", "S4:198", KnowledgeRules::x13),
            new Rule("x14", "S0:83 S1:26 S2:67,108,162", ResourceRules::x14),
            new Rule("x15", "S4:164", KnowledgeRules::x15));

    private Rules() {}

    /** What comes first. A prompt that reaches the bar ends the search. */
    private static Optional<Effect> x7(Case given, Findings before) {
        Situation situation = given.situation();
        if (situation.promptScore().isPresent()) {
            double score = situation.promptScore().getAsDouble();
            double bar = situation.bar().orElseThrow();
            return Optional.of(
                    score >= bar
                            ? new Effect.Prompt("By your own figure the prompt alone reaches the bar (" + score + " of "
                                    + bar + "): stop there.")
                            : new Effect.Note("By your own figure the prompt alone falls short of the bar (" + score
                                    + " of " + bar + "): go on to retrieval, then tuning."));
        }
        return before.knowledge() || before.behaviour()
                ? Optional.of(new Effect.Note(
                        "Begin with the prompt (minutes), then retrieval, then tuning when it adds: both together is"
                                + " where one ends, not where one starts."))
                : Rule.none();
    }

    private static Optional<Effect> r22(Case given, Findings before) {
        return before.knowledge() || before.behaviour() || before.promptIsEnough()
                ? Rule.none()
                : Optional.of(
                        new Effect.Note("Nothing speaks for retrieval or tuning yet: the prompt, then retrieval."));
    }
}
