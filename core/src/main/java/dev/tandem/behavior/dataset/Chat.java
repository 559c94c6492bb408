package dev.tandem.behavior.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tandem.domain.Beside;
import dev.tandem.domain.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Conversations as OpenAI's fine-tuning takes them. The last message, the assistant's, is the output. What stands before it
 * is the input: the text itself where that is one message of the user, else every message behind the name of its role:
 *
 * <pre>{@code
 * system: You sort mail.
 *
 * user: Where is my parcel?
 * }</pre>
 */
final class Chat {

    private static final Set<String> ROLES = Set.of("system", "user", "assistant");
    private static final Pattern TURN = Pattern.compile("(?:^|\n\n)(system|user|assistant): ");

    private Chat() {}

    private record Message(String role, String content) {}

    static Row row(int line, JsonNode object) {
        var messages = new ArrayList<Message>();
        for (JsonNode message : object.path("messages")) {
            String role = message.path("role").asText("").replace("developer", "system");
            if (!ROLES.contains(role)) {
                return new Row.Bad(line, "a message of the role '" + Printable.of(role) + "'");
            }
            String content = content(message.path("content"));
            if (content.isBlank()) {
                return new Row.Bad(line, "a message of the " + role + " that is no text");
            }
            messages.add(new Message(role, content));
        }
        if (messages.size() < 2 || !messages.getLast().role().equals("assistant")) {
            return new Row.Bad(line, "the conversation does not end with an answer of the assistant");
        }
        return Row.of(
                line,
                input(messages.subList(0, messages.size() - 1)),
                messages.getLast().content(),
                Beside.NOTHING,
                JsonRows.optional(object, Columns.FAMILIES),
                JsonRows.optional(object, Columns.PARTS));
    }

    /** Messages that are read back as that input and output. */
    static ArrayNode messages(String input, String output) {
        List<Message> messages = turns(input);
        if (!input(messages).equals(input)) {
            messages = List.of(new Message("user", input));
        }
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        messages.forEach(message -> add(array, message));
        add(array, new Message("assistant", output));
        return array;
    }

    private static void add(ArrayNode array, Message message) {
        array.addObject().put("role", message.role()).put("content", message.content());
    }

    private static String input(List<Message> messages) {
        if (messages.size() == 1 && messages.getFirst().role().equals("user")) {
            return messages.getFirst().content();
        }
        return String.join(
                "\n\n",
                messages.stream()
                        .map(message -> message.role() + ": " + message.content())
                        .toList());
    }

    private static List<Message> turns(String input) {
        var turns = new ArrayList<Message>();
        Matcher turn = TURN.matcher(input);
        String role = "";
        int begun = 0;
        while (turn.find()) {
            if (role.isEmpty()
                    ? turn.start() > 0
                    : input.substring(begun, turn.start()).isBlank()) {
                return List.of();
            }
            if (!role.isEmpty()) {
                turns.add(new Message(role, input.substring(begun, turn.start())));
            }
            role = turn.group(1);
            begun = turn.end();
        }
        if (!role.isEmpty() && !input.substring(begun).isBlank()) {
            turns.add(new Message(role, input.substring(begun)));
        }
        return turns;
    }

    /** A string, or parts of which each is a text. */
    private static String content(JsonNode content) {
        if (content.isTextual()) {
            return content.asText();
        }
        var text = new StringBuilder();
        for (JsonNode part : content) {
            if (!part.path("type").asText("").equals("text")) {
                return "";
            }
            text.append(part.path("text").asText(""));
        }
        return text.toString();
    }
}
