package dev.tandem.app.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Two hundred written tickets of four queues: each of ten things that happen, said in each of five ways. */
final class Tickets {

    record Ticket(String text, String label, int number) {}

    private static final List<String> WAYS = List.of(
            "Hello, %s. Please help.",
            "%s, and nobody has answered me so far.",
            "Since this morning %s.",
            "My colleague says that %s, too.",
            "I am writing because %s");

    private static final List<List<String>> THINGS = List.of(
            List.of(
                    "billing",
                    "the invoice shows the wrong amount",
                    "I was charged twice for one month",
                    "the refund has not arrived on my account",
                    "our tax number is missing on the bill",
                    "the discount was not taken off the price",
                    "my credit card was declined at the till",
                    "the receipt is for another company",
                    "the subscription costs more than was agreed",
                    "the direct debit failed at the bank",
                    "the reminder fee is not justified"),
            List.of(
                    "shipping",
                    "the parcel has not been delivered",
                    "the courier left the box in the rain",
                    "the tracking number does not exist",
                    "the pallet went to our old address",
                    "the delivery was split into three packages",
                    "customs keeps the shipment at the border",
                    "the van driver did not ring the bell",
                    "the package arrived crushed and open",
                    "the goods left the warehouse a week late",
                    "the freight papers are missing"),
            List.of(
                    "login",
                    "the password is refused",
                    "the reset link has expired",
                    "my account is locked after three attempts",
                    "the code by text message never comes",
                    "single sign-on sends me back to the start",
                    "the user name is unknown to the system",
                    "the session ends after one minute",
                    "the two-factor app shows the wrong digits",
                    "I cannot sign in with my new phone",
                    "the browser does not remember my login"),
            List.of(
                    "heating",
                    "the boiler makes a loud noise",
                    "the radiator stays cold upstairs",
                    "the thermostat shows no temperature",
                    "there is no hot water in the kitchen",
                    "the pump leaks onto the cellar floor",
                    "the burner goes out after a few seconds",
                    "the pressure of the heating drops every day",
                    "the chimney smells of smoke",
                    "the gas valve is stuck",
                    "the room is too warm at night"));

    private Tickets() {}

    static List<Ticket> all() {
        var all = new ArrayList<Ticket>();
        for (int thing = 1; thing <= 10; thing++) {
            for (String way : WAYS) {
                for (List<String> things : THINGS) {
                    all.add(new Ticket(way.formatted(things.get(thing)), things.getFirst(), all.size()));
                }
            }
        }
        return all;
    }

    /** Things that happen in each fifth are there to measure on, so that no text is a near copy of a learned one. */
    static boolean held(Ticket ticket) {
        return ticket.number() / 20 % 5 == 4;
    }

    static String jsonl(Predicate<Ticket> which) {
        return all().stream()
                .filter(which)
                .map(each -> line(each.text(), each.label()))
                .collect(Collectors.joining());
    }

    static String line(String text, String label) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("text", text);
        json.put("label", label);
        return json + "\n";
    }
}
