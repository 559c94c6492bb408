package dev.tandem.app.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.assistant.Chat;
import dev.tandem.catalog.Conversations.Conversation;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** A conversation as a person reads it, or a program: every turn is one object then. */
final class ChatView {

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

    private final Terminal terminal;
    private final boolean json;

    ChatView(Terminal terminal, boolean json) {
        this.terminal = terminal;
        this.json = json;
    }

    void prompt() {
        if (terminal.typed) {
            terminal.err.print(terminal.errBold("› "));
            terminal.err.flush();
        }
    }

    /** Says the question where it is not on the screen already. */
    void asks(String question) {
        if (!json && !terminal.typed) {
            question(question);
        }
    }

    void show(String conversation, Chat.Said said, boolean scores) {
        if (json) {
            ObjectNode turn = Json.object();
            turn.put("conversation", conversation);
            turn.put("turn", said.number());
            turn.put("question", said.question());
            turn.put("asked", said.asked());
            turn.setAll(Json.of(said.reply(), scores));
            terminal.out.println(Json.line(turn));
            return;
        }
        if (terminal.typed) {
            terminal.out.println();
        }
        asked(said.question(), said.asked());
        new AnswerView(terminal).show(said.reply().answer());
        terminal.out.println();
        terminal.out.flush();
    }

    void history(List<Chat.Seen> turns) {
        for (Chat.Seen turn : turns) {
            switch (turn) {
                case Chat.Seen.Shown shown -> {
                    if (json) {
                        ObjectNode said = said(shown.number(), shown.question());
                        said.put("asked", shown.asked());
                        said.setAll(Json.of(shown.answer(), false));
                        terminal.out.println(Json.line(said));
                    } else {
                        question(shown.question());
                        asked(shown.question(), shown.asked());
                        new AnswerView(terminal).show(shown.answer());
                        terminal.out.println();
                    }
                }
                case Chat.Seen.Withheld withheld -> {
                    if (json) {
                        ObjectNode said = said(withheld.number(), withheld.question());
                        said.put("outcome", "withheld");
                        said.put("reason", withheld.why());
                        terminal.out.println(Json.line(said));
                    } else {
                        question(withheld.question().isEmpty() ? "…" : withheld.question());
                        terminal.out.println(terminal.dim("  " + withheld.why()));
                        terminal.out.println();
                    }
                }
            }
        }
    }

    private static ObjectNode said(int number, String question) {
        ObjectNode said = Json.object();
        said.put("turn", number);
        said.put("question", question);
        return said;
    }

    private void question(String question) {
        List<String> lines = Text.wrap(question, terminal.width - 2);
        for (int i = 0; i < lines.size(); i++) {
            terminal.out.println(terminal.bold((i == 0 ? "› " : "  ") + lines.get(i)));
        }
    }

    private void asked(String question, String asked) {
        if (!question.equals(asked)) {
            Text.wrap("asked as: " + asked, terminal.width - 2)
                    .forEach(line -> terminal.out.println("  " + terminal.dim(line)));
        }
        terminal.out.println();
    }

    /** Where a person may want to go on. */
    void end(String conversation, int answered) {
        if (terminal.typed) {
            terminal.err.println();
        }
        if (answered > 0 && terminal.live) {
            terminal.err.println(terminal.errDim("Go on with tandem chat --resume " + conversation));
        }
    }

    void list(List<Conversation> conversations) {
        if (conversations.isEmpty() && !json) {
            terminal.err.println("No conversations of yours. Begin one with tandem chat.");
        }
        for (Conversation each : conversations) {
            if (json) {
                ObjectNode object = Json.object();
                object.put("conversation", each.id());
                object.put("collection", each.collection());
                object.put("begun", each.begun().toString());
                object.put("last", each.last().toString());
                object.put("turns", each.turns());
                object.put("title", each.title());
                terminal.out.println(Json.line(object));
                continue;
            }
            String when = day(each.last());
            String where = Text.line(each.collection(), 24) + ", " + Text.count(each.turns(), "turn");
            int room = terminal.width - each.id().length() - when.length() - where.length() - 6;
            String title = each.title().isEmpty() ? "…" : each.title();
            terminal.out.println(terminal.accent(each.id()) + "  " + terminal.dim(when) + "  "
                    + Text.line(title, Math.max(16, room)) + "  " + terminal.dim(where));
        }
    }

    void deleted(String conversation) {
        if (json) {
            terminal.out.println(Json.line(Json.object().put("deleted", conversation)));
        } else {
            terminal.out.println(terminal.bad("deleted") + "  " + Text.line(conversation, 60));
        }
    }

    private static String day(Instant time) {
        return DAY.format(time.atZone(ZoneId.systemDefault()));
    }
}
