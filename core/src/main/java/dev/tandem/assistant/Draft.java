package dev.tandem.assistant;

import java.util.List;
import java.util.function.Consumer;

/**
 * A language model's text on its way to somebody who watches it being written: handed on in whole words, so that nothing
 * unsafe slips through in two halves, and not at all while it may still turn out to say that there is no answer.
 */
final class Draft {

    private final List<Passage> sources;
    private final Consumer<String> onText;
    private final StringBuilder waiting = new StringBuilder();
    private boolean started;

    Draft(List<Passage> sources, Consumer<String> onText) {
        this.sources = sources;
        this.onText = onText;
    }

    void add(String piece) {
        waiting.append(piece);
        String text = waiting.toString().strip();
        if (!started && (GroundedPrompt.NO_ANSWER.startsWith(text) || GroundedPrompt.saysNoAnswer(text))) {
            return;
        }
        int end = waiting.length();
        while (end > 0 && !Character.isWhitespace(waiting.charAt(end - 1))) {
            end--;
        }
        hand(end);
    }

    void end() {
        if (!started && GroundedPrompt.saysNoAnswer(waiting.toString())) {
            return;
        }
        hand(waiting.length());
    }

    private void hand(int end) {
        String words = SafeText.written(waiting.substring(0, end), sources);
        waiting.delete(0, end);
        if (!words.isEmpty()) {
            started = true;
            onText.accept(words);
        }
    }
}
