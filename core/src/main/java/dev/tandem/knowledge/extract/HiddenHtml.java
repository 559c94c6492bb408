package dev.tandem.knowledge.extract;

import dev.tandem.domain.HiddenText.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of a page what it holds and does not show: by attribute, by the style of an element, by plain rules of the page's
 * own style sheet, and by characters without a shape. What only a script or a style sheet elsewhere hides is not known here.
 * Takes one walk over the page.
 */
final class HiddenHtml {

    private static final int LONGEST_SHEET = 500_000;
    private static final int LONGEST_STYLE = 2_000;

    /** {@code .name}, {@code #name} or {@code tag.name}: what says by itself which elements it is about. */
    private static final Pattern PLAIN_SELECTOR = Pattern.compile("([a-z][a-z0-9]*)?([.#])([\\w-]+)");

    private static final Pattern IMPORTANT = Pattern.compile("([a-z-]+)\\s*:[^;{}]*!\\s*important");
    private static final Pattern NOTHING = Pattern.compile("(?=.*0)0*\\.?0*(?:px|pt|em|rem|ex|ch|vh|vw|%)?");
    private static final Pattern TINY =
            Pattern.compile("(?=.*\\d)(?:(?:0*(?:\\.\\d+)?|1(?:\\.0*)?)(?:px|pt)|0*\\.?0*(?:em|rem|%)?)");
    private static final Pattern FAR_AWAY = Pattern.compile("-\\d{3,}(?:\\.\\d+)?(?:px|pt|em|rem)");
    private static final Pattern CLEAR = Pattern.compile("transparent|(?:rgb|hsl)a\\(.*,\\s*0?\\.?0*%?\\s*\\)");
    private static final Pattern HEX = Pattern.compile("#([0-9a-f]{3}|[0-9a-f]{6})");
    private static final Pattern RGB = Pattern.compile(
            "rgba?\\(\\s*(\\d{1,3})\\s*,\\s*(\\d{1,3})\\s*,\\s*(\\d{1,3})\\s*(?:,\\s*1(?:\\.0*)?\\s*)?\\)");
    private static final int WHITE = 0xFFFFFF;
    private static final Map<String, Integer> NAMED = Map.of(
            "white", WHITE, "black", 0, "red", 0xFF0000, "yellow", 0xFFFF00, "blue", 0x0000FF, "silver", 0xC0C0C0,
            "gray", 0x808080, "grey", 0x808080);

    /** These are never taken out whole: where they are hidden, it is until a script shows them. */
    private static final Set<String> WHOLE_PAGE = Set.of("html", "head", "body");

    /** Properties that may hide; see {@link #hides}. */
    private static final Set<String> HIDING = Set.of(
            "display",
            "visibility",
            "opacity",
            "text-indent",
            "position",
            "left",
            "top",
            "overflow",
            "height",
            "width");

    private final Map<String, Map<String, Said>> sheet;
    /** The colour behind what says nothing of it; null where something unknown may have painted it. */
    private final @Nullable Integer paper;

    private final List<Element> hidden = new ArrayList<>();

    private HiddenHtml(Element page) {
        sheet = sheet(page);
        paper = page.selectFirst("style, link[rel~=(?i)stylesheet]") == null ? WHITE : null;
    }

    static void strip(Element page, Hidden count) {
        var walk = new HiddenHtml(page);
        walk.find(page, walk.paper, walk.paper == null ? null : 0);
        var byParent = new LinkedHashMap<Element, Set<Node>>();
        for (Element each : walk.hidden) {
            String text = each.text();
            count.add(Kind.HTML, text.codePointCount(0, text.length()));
            Element parent = each.parent();
            if (parent != null) {
                byParent.computeIfAbsent(parent, _ -> Collections.newSetFromMap(new IdentityHashMap<>()))
                        .add(each);
            }
        }
        // All of a parent's at once: one by one, those that stay would be numbered anew each time.
        byParent.forEach((parent, gone) -> {
            List<Node> stay = parent.childNodes().stream()
                    .filter(node -> !gone.contains(node))
                    .toList();
            parent.empty();
            parent.appendChildren(stay);
        });
        page.traverse((node, _) -> {
            if (node instanceof TextNode text) {
                String whole = text.getWholeText();
                String seen = count.without(whole);
                if (!seen.equals(whole)) {
                    text.text(seen);
                }
            }
        });
    }

    /** The tree's depth is bounded by the parser, so recursion is safe. */
    private void find(Element element, @Nullable Integer behind, @Nullable Integer ink) {
        Map<String, String> style = declarations(element.attr("style"));
        Integer background = background(element, style, behind);
        Integer colour = colour(element, style, ink);
        if (!WHOLE_PAGE.contains(element.normalName())
                && element.parent() != null
                && (isHidden(element, style) || isOnItself(element, style, colour, background))) {
            hidden.add(element);
            return;
        }
        for (Node child : element.childNodes()) {
            if (child instanceof Element inner) {
                find(inner, background, colour);
            }
        }
    }

    private boolean isHidden(Element element, Map<String, String> style) {
        String attribute = element.attr("hidden");
        return element.normalName().equals("template")
                || (element.hasAttr("hidden") && !attribute.equalsIgnoreCase("until-found"))
                || hides(style)
                || (showsNoInk(style) && isPlain(element))
                || isHiddenBySheet(element, style);
    }

    /** What is inside may say otherwise of its own letters; here it does not. */
    private static boolean isPlain(Element element) {
        return element.children().stream()
                .flatMap(Element::stream)
                .noneMatch(inner -> inner.hasAttr("style") || inner.hasAttr("class"));
    }

    /** Letters of no size or no colour; a colour may be let through from behind, as in headings with a gradient. */
    private static boolean showsNoInk(Map<String, String> style) {
        boolean painted = style.containsKey("text-shadow")
                || style.containsKey("-webkit-text-fill-color")
                || (style.getOrDefault("background-clip", "") + style.getOrDefault("-webkit-background-clip", ""))
                        .contains("text");
        return TINY.matcher(style.getOrDefault("font-size", "medium")).matches()
                || (!painted
                        && CLEAR.matcher(style.getOrDefault("color", "black")).matches());
    }

    /** By what all rules about it say together: an id over a class, a class of its tag over a class, a later rule over an earlier. */
    private boolean isHiddenBySheet(Element element, Map<String, String> style) {
        if (sheet.isEmpty()) {
            return false;
        }
        var names = new ArrayList<String>();
        element.classNames().forEach(name -> names.add("." + name));
        for (String name : List.copyOf(names)) {
            names.add(element.normalName() + name);
        }
        names.add("#" + element.id());
        names.add(element.normalName() + "#" + element.id());
        var all = new HashMap<String, Said>();
        for (int i = 0; i < names.size(); i++) {
            int weight = i < names.size() - 2 ? 2 * i / Math.max(1, names.size() - 2) : 2 + i - (names.size() - 2);
            sheet.getOrDefault(names.get(i), Map.of())
                    .forEach((property, said) ->
                            all.merge(property, said.weighing(weight), (one, other) -> one.beats(other) ? one : other));
        }
        if (all.isEmpty()) {
            return false;
        }
        var merged = new HashMap<String, String>();
        all.forEach((property, said) -> merged.put(property, said.value));
        style.forEach((property, value) -> {
            Said said = all.get(property);
            if (said == null || !said.important) {
                merged.put(property, value);
            }
        });
        return hides(merged);
    }

    /**
     * A value as a rule of the sheet says it.
     *
     * @param order of the rule in the sheet
     * @param weight of its selector
     */
    private record Said(String value, boolean important, int order, int weight) {
        Said weighing(int other) {
            return new Said(value, important, order, other);
        }

        boolean beats(Said other) {
            return important != other.important
                    ? important
                    : weight != other.weight ? weight > other.weight : order > other.order;
        }
    }

    /** Written in the colour of what is behind it, by its own word. */
    private static boolean isOnItself(
            Element element, Map<String, String> style, @Nullable Integer colour, @Nullable Integer background) {
        boolean says = style.containsKey("color") || element.hasAttr("color");
        return says && colour != null && colour.equals(background);
    }

    private static @Nullable Integer background(Element element, Map<String, String> style, @Nullable Integer behind) {
        String said = style.getOrDefault("background-color", style.getOrDefault("background", element.attr("bgcolor")));
        if (said.isBlank() || said.equals("transparent") || said.equals("inherit") || said.equals("none")) {
            return element.hasAttr("background") || style.containsKey("background-image") ? null : behind;
        }
        return rgb(said);
    }

    private static @Nullable Integer colour(Element element, Map<String, String> style, @Nullable Integer ink) {
        String said = style.getOrDefault("color", element.attr("color"));
        return said.isBlank() || said.equals("inherit") ? ink : rgb(said);
    }

    private static @Nullable Integer rgb(String colour) {
        Matcher hex = HEX.matcher(colour);
        if (hex.matches()) {
            String digits = hex.group(1);
            return Integer.parseInt(digits.length() == 6 ? digits : digits.replaceAll("(.)", "$1$1"), 16);
        }
        Matcher rgb = RGB.matcher(colour);
        if (rgb.matches()) {
            return Math.min(255, Integer.parseInt(rgb.group(1))) << 16
                    | Math.min(255, Integer.parseInt(rgb.group(2))) << 8
                    | Math.min(255, Integer.parseInt(rgb.group(3)));
        }
        return NAMED.get(colour);
    }

    private static boolean hides(Map<String, String> style) {
        return style.getOrDefault("display", "").equals("none")
                || style.getOrDefault("visibility", "").matches("hidden|collapse")
                || NOTHING.matcher(style.getOrDefault("opacity", "1")).matches()
                || FAR_AWAY.matcher(style.getOrDefault("text-indent", "")).matches()
                || (style.getOrDefault("position", "").matches("absolute|fixed")
                        && (FAR_AWAY.matcher(style.getOrDefault("left", "")).matches()
                                || FAR_AWAY.matcher(style.getOrDefault("top", ""))
                                        .matches()))
                || (style.getOrDefault("overflow", "").equals("hidden")
                        && (NOTHING.matcher(style.getOrDefault("height", "auto"))
                                        .matches()
                                || NOTHING.matcher(style.getOrDefault("width", "auto"))
                                        .matches()));
    }

    private static Map<String, String> declarations(String style) {
        if (style.isBlank() || style.length() > LONGEST_STYLE) {
            return Map.of();
        }
        var found = new HashMap<String, String>();
        for (String part : style.toLowerCase(Locale.ROOT).split(";", -1)) {
            int colon = part.indexOf(':');
            if (colon > 0) {
                found.put(
                        part.substring(0, colon).strip(),
                        part.substring(colon + 1).replace("!important", "").strip());
            }
        }
        return found;
    }

    /** What the page's own sheet says of plain selectors, a later rule over an earlier one; only what may hide. */
    private static Map<String, Map<String, Said>> sheet(Element page) {
        var rules = new HashMap<String, Map<String, Said>>();
        int room = LONGEST_SHEET;
        for (Element style : page.select("style")) {
            String text = style.data();
            if (text.length() <= room && text.contains("{")) {
                room -= text.length();
                rules(withoutComments(text), rules);
            }
        }
        return rules;
    }

    /** Rules within {@code @media} and the like do not always hold, and are passed over. */
    private static void rules(String text, Map<String, Map<String, Said>> rules) {
        int at = 0;
        int order = 0;
        while (at < text.length()) {
            int open = text.indexOf('{', at);
            if (open < 0) {
                return;
            }
            int close = end(text, open);
            String selectors = text.substring(at, open);
            selectors = selectors.substring(selectors.lastIndexOf(';') + 1).strip();
            if (!selectors.startsWith("@")) {
                Map<String, Said> style = hiding(text.substring(open + 1, close), order++);
                if (!style.isEmpty()) {
                    for (String selector : selectors.split(",", -1)) {
                        if (PLAIN_SELECTOR.matcher(selector.strip()).matches()) {
                            // Shared by all selectors of a rule until another rule says more of one of them.
                            rules.merge(selector.strip(), style, HiddenHtml::together);
                        }
                    }
                }
            }
            at = close + 1;
        }
    }

    /** Of a rule's declarations, those that may hide; something that fades in is there in the end. */
    private static Map<String, Said> hiding(String block, int order) {
        Map<String, String> style = declarations(block);
        String lower = block.toLowerCase(Locale.ROOT);
        boolean fades = style.keySet().stream()
                .anyMatch(property -> property.startsWith("animation") || property.startsWith("transition"));
        var kept = new HashMap<String, Said>();
        for (String property : HIDING) {
            String value = style.get(property);
            if (value != null && !(fades && property.equals("opacity"))) {
                boolean important = IMPORTANT
                        .matcher(lower)
                        .results()
                        .anyMatch(found -> found.group(1).equals(property));
                kept.put(property, new Said(value, important, order, 0));
            }
        }
        return Map.copyOf(kept);
    }

    private static Map<String, Said> together(Map<String, Said> one, Map<String, Said> other) {
        var both = new HashMap<>(one);
        other.forEach((property, said) -> both.merge(property, said, (a, b) -> b.beats(a) ? b : a));
        return Map.copyOf(both);
    }

    private static String withoutComments(String text) {
        var out = new StringBuilder(text.length());
        int at = 0;
        for (int open = text.indexOf("/*"); open >= 0; open = text.indexOf("/*", at)) {
            out.append(text, at, open);
            int close = text.indexOf("*/", open + 2);
            at = close < 0 ? text.length() : close + 2;
        }
        return out.append(text, at, text.length()).toString();
    }

    /** Where the block that opens there ends. */
    private static int end(String text, int open) {
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return text.length() - 1;
    }
}
