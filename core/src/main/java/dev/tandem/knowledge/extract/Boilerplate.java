package dev.tandem.knowledge.extract;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a web page is about among its menus, adverts and footers.
 *
 * <p>The scoring follows Mozilla's Readability (github.com/mozilla/readability, Apache-2.0), written anew over jsoup:
 * paragraphs give points to the elements around them, by their length and commas; names of classes and ids and the share
 * of link text change the points; the best element, with siblings like it, is the content; what is left in it of lists of
 * links, forms and other extras is cleaned away. Where that leaves too little, each strictness is lifted in turn.
 */
final class Boilerplate {

    private static final Pattern UNLIKELY = Pattern.compile(
            "-ad-|ai2html|banner|breadcrumbs|combx|comment|community|cover-wrap|disqus|extra|footer|gdpr|header|legends"
                    + "|menu|related|remark|replies|rss|shoutbox|sidebar|skyscraper|social|sponsor|supplemental"
                    + "|ad-break|agegate|pagination|pager|popup|yom-remote|cookie|consent|newsletter");
    private static final Pattern MAYBE = Pattern.compile("and|article|body|column|content|main|mathjax|shadow");
    private static final Pattern GOOD =
            Pattern.compile("article|body|content|entry|hentry|h-entry|main|page|pagination|post|text|blog|story");
    private static final Pattern BAD = Pattern.compile(
            "-ad-|hidden|^hid$| hid$| hid |^hid |banner|combx|comment|com-|contact|footer|gdpr|masthead|media|meta"
                    + "|outbrain|promo|related|scroll|share|shoutbox|sidebar|skyscraper|sponsor|shopping|tags|widget");
    private static final Pattern SHARE = Pattern.compile("(\\b|_)(share|sharedaddy)(\\b|_)");
    private static final Pattern BYLINE = Pattern.compile("byline|author|dateline|writtenby|p-author");
    private static final Pattern COMMA = Pattern.compile("[,\u060C\uFE50\uFE10\uFE11\u2E41\u2E34\u2E32\uFF0C]");
    private static final Pattern SENTENCE_END = Pattern.compile("\\.( |$)");

    private static final Set<String> NO_TEXT = Set.of("script", "style", "noscript", "template", "link", "svg");

    private static final Set<String> ROLES =
            Set.of("menu", "menubar", "complementary", "navigation", "alert", "alertdialog", "dialog");
    private static final Set<String> SCORED = Set.of("section", "h2", "h3", "h4", "h5", "h6", "p", "td", "pre");
    private static final Set<String> BLOCK = Set.of(
            "blockquote",
            "dl",
            "div",
            "img",
            "ol",
            "p",
            "pre",
            "table",
            "ul",
            "section",
            "article",
            "aside",
            "header",
            "footer",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "form",
            "fieldset",
            "figure",
            "nav",
            "main",
            "details",
            "address");
    private static final String BLOCK_CHILDREN = "blockquote,dl,div,img,ol,p,pre,table,ul,section,article,aside,header";

    /** Less text than this is tried for again with less strictness. */
    private static final int ENOUGH = 500;

    /** Content below this share of a page's text outside links is not believed to be all. */
    private static final double LEAST_SHARE = .2;

    private static final int ANCESTORS = 5;
    private static final int TOP = 5;

    private enum Strictness {
        NAMES_AND_CLEANING(true, true, true),
        WEIGHTS_AND_CLEANING(false, true, true),
        CLEANING(false, false, true),
        NONE(false, false, false);

        final boolean dropUnlikely;
        final boolean weighNames;
        final boolean clean;

        Strictness(boolean dropUnlikely, boolean weighNames, boolean clean) {
            this.dropUnlikely = dropUnlikely;
            this.weighNames = weighNames;
            this.clean = clean;
        }
    }

    private final Strictness strictness;
    private final Map<Element, Double> scores = new LinkedHashMap<>();
    private final Map<Element, Boolean> dataTables = new HashMap<>();

    private Boilerplate(Strictness strictness) {
        this.strictness = strictness;
    }

    /** The content of the page, taken out of a copy of it. */
    static Element content(Document page) {
        Element found = article(page);
        Element whole = page.clone().body();
        new Boilerplate(Strictness.NAMES_AND_CLEANING).prune(whole);
        whole.select("nav, header, footer, aside").remove();
        // A page may hold no article but a set of things of which one looks like an article: then all of it is content.
        return unlinked(found) < LEAST_SHARE * unlinked(whole) ? whole : found;
    }

    private static int unlinked(Element element) {
        int links = element.select("a").stream()
                .mapToInt(link -> text(link).length())
                .sum();
        return text(element).length() - links;
    }

    private static Element article(Document page) {
        Element longest = page.body();
        int length = -1;
        for (Strictness strictness : Strictness.values()) {
            Element found = new Boilerplate(strictness).grab(page.clone());
            int size = text(found).length();
            if (size >= ENOUGH) {
                return found;
            }
            if (size > length) {
                longest = found;
                length = size;
            }
        }
        return longest;
    }

    private Element grab(Document page) {
        Element body = page.body();
        prune(body);
        wrapLooseText(body);
        Element top = best(body, paragraphs(body));
        Element content = withSiblings(top, body);
        if (strictness.clean) {
            clean(content);
        }
        return content;
    }

    // ---- what never is content

    /** Takes out what nobody sees and what its name or role gives away; in one walk, so that whole trees go at once. */
    private void prune(Element body) {
        boolean byline = false;
        Element at = body;
        while (at != null) {
            String names = names(at);
            boolean drop = isHidden(at) || NO_TEXT.contains(at.normalName());
            if (!drop && !byline && isByline(at, names)) {
                byline = true;
                drop = true;
            }
            if (!drop && strictness.dropUnlikely && !at.equals(body)) {
                drop = ROLES.contains(at.attr("role").toLowerCase(Locale.ROOT))
                        || (UNLIKELY.matcher(names).find()
                                && !MAYBE.matcher(names).find()
                                && !at.normalName().equals("a")
                                && at.closest("table, code") == null);
            }
            if (drop && !at.equals(body)) {
                Element next = after(at, body);
                at.remove();
                at = next;
            } else {
                at = at.firstElementChild() != null ? at.firstElementChild() : after(at, body);
            }
        }
    }

    /** The next element in document order that is not inside this one. */
    private static @Nullable Element after(Element element, Element body) {
        Element at = element;
        while (!at.equals(body) && at.nextElementSibling() == null) {
            Element parent = at.parent();
            if (parent == null) {
                return null;
            }
            at = parent;
        }
        return at.equals(body) ? null : at.nextElementSibling();
    }

    /** For other readers than those of the article; what nobody is shown is gone by now. */
    private static boolean isHidden(Element element) {
        return element.attr("aria-hidden").equals("true")
                || (element.attr("aria-modal").equals("true")
                        && element.attr("role").equals("dialog"));
    }

    private static boolean isByline(Element element, String names) {
        if (element.attr("rel").equals("author")
                || element.attr("itemprop").contains("author")
                || BYLINE.matcher(names).find()) {
            String text = text(element);
            return !text.isEmpty() && text.length() < 100;
        }
        return false;
    }

    // ---- what may be content, with points

    /** Text and inline elements that stand among the blocks of a division become paragraphs, so that they get points. */
    private static void wrapLooseText(Element body) {
        for (Element division : body.select("div")) {
            Element paragraph = null;
            for (Node child : List.copyOf(division.childNodes())) {
                boolean inline = child instanceof TextNode
                        || (child instanceof Element element
                                && !BLOCK.contains(element.normalName())
                                && element.selectFirst(BLOCK_CHILDREN) == null);
                if (!inline) {
                    paragraph = null;
                } else if (paragraph != null) {
                    paragraph.appendChild(child);
                } else if (!(child instanceof TextNode text && text.isBlank())) {
                    paragraph = new Element("p");
                    child.replaceWith(paragraph);
                    paragraph.appendChild(child);
                }
            }
        }
    }

    /** Elements that hold running text. A division without blocks in it counts as a paragraph. */
    private static List<Element> paragraphs(Element body) {
        var found = new ArrayList<Element>();
        for (Element element : body.getAllElements()) {
            String tag = element.normalName();
            if (SCORED.contains(tag)) {
                found.add(element);
            } else if (tag.equals("div")) {
                if (element.equals(element.selectFirst(BLOCK_CHILDREN))) {
                    found.add(element);
                }
            }
        }
        return found;
    }

    private Element best(Element body, List<Element> paragraphs) {
        for (Element paragraph : paragraphs) {
            String text = text(paragraph);
            if (text.length() < 25) {
                continue;
            }
            double points = 2 + COMMA.matcher(text).results().count() + Math.min(text.length() / 100, 3);
            Element ancestor = paragraph.parent();
            for (int level = 0; level < ANCESTORS && ancestor != null && !ancestor.equals(body.parent()); level++) {
                double share = level == 0 ? 1 : level == 1 ? 2 : level * 3;
                scores.merge(
                        ancestor, initial(ancestor) + points / share, (before, ignored) -> before + points / share);
                ancestor = ancestor.parent();
            }
        }
        scores.replaceAll((element, points) -> points * (1 - linkDensity(element)));
        List<Element> ranked = scores.entrySet().stream()
                .sorted(Map.Entry.<Element, Double>comparingByValue(Comparator.reverseOrder()))
                .limit(TOP)
                .map(Map.Entry::getKey)
                .toList();
        if (ranked.isEmpty() || ranked.getFirst().equals(body)) {
            return body;
        }
        return climb(shared(ranked, body), body);
    }

    /** Several elements nearly as good as the best one: then what holds them is the content. */
    private Element shared(List<Element> ranked, Element body) {
        Element best = ranked.getFirst();
        var rivals = ranked.stream()
                .skip(1)
                .filter(rival -> score(rival) >= .75 * score(best))
                .toList();
        if (rivals.size() >= 3) {
            for (Element holder : best.parents()) {
                if (holder.equals(body)) {
                    break;
                }
                if (rivals.stream()
                                .filter(rival -> rival.parents().contains(holder))
                                .count()
                        >= 3) {
                    return holder;
                }
            }
        }
        return best;
    }

    /** A parent with more points than its child holds more of the content; an only child stands for its parent. */
    private Element climb(Element found, Element body) {
        Element top = found;
        scores.computeIfAbsent(top, this::initial);
        double last = score(top);
        double least = last / 3;
        for (Element parent = top.parent(); parent != null && !parent.equals(body); parent = parent.parent()) {
            if (!scores.containsKey(parent)) {
                continue;
            }
            if (score(parent) < least) {
                break;
            }
            if (score(parent) > last) {
                top = parent;
                break;
            }
            last = score(parent);
        }
        Element parent = top.parent();
        while (parent != null && !parent.equals(body) && parent.childrenSize() == 1) {
            top = parent;
            parent = top.parent();
        }
        scores.computeIfAbsent(top, this::initial);
        return top;
    }

    private Element withSiblings(Element top, Element body) {
        var content = new Element("div");
        Element parent = top.parent();
        if (top.equals(body) || parent == null) {
            List.copyOf(body.childNodes()).forEach(content::appendChild);
            return content;
        }
        double threshold = Math.max(10, score(top) * .2);
        for (Element sibling : List.copyOf(parent.children())) {
            boolean take = sibling.equals(top);
            if (!take) {
                boolean like = !top.className().isEmpty() && sibling.className().equals(top.className());
                double bonus = like ? score(top) * .2 : 0;
                take = scores.containsKey(sibling) && score(sibling) + bonus >= threshold;
            }
            if (!take && sibling.normalName().equals("p")) {
                String text = text(sibling);
                double links = linkDensity(sibling);
                take = text.length() > 80
                        ? links < .25
                        : !text.isEmpty()
                                && links == 0
                                && SENTENCE_END.matcher(text).find();
            }
            if (take) {
                content.appendChild(sibling);
            }
        }
        return content;
    }

    private double score(Element element) {
        return scores.getOrDefault(element, 0d);
    }

    private double initial(Element element) {
        double points = switch (element.normalName()) {
            case "div" -> 5;
            case "pre", "td", "blockquote" -> 3;
            case "address", "ol", "ul", "dl", "dd", "dt", "li", "form" -> -3;
            case "h1", "h2", "h3", "h4", "h5", "h6", "th" -> -5;
            default -> 0;
        };
        return points + weight(element);
    }

    private double weight(Element element) {
        if (!strictness.weighNames) {
            return 0;
        }
        return weight(element.className()) + weight(element.id());
    }

    private static double weight(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.isEmpty()
                ? 0
                : (BAD.matcher(lower).find() ? -25 : 0) + (GOOD.matcher(lower).find() ? 25 : 0);
    }

    // ---- what is left in the content that is not of it

    private void clean(Element content) {
        cleanConditionally(content, "form, fieldset");
        content.select("object, embed, footer, link, aside, iframe, input, textarea, select, button, nav")
                .remove();
        for (Element shared : content.select("[class], [id]")) {
            if (SHARE.matcher(names(shared)).find() && text(shared).length() < ENOUGH) {
                shared.remove();
            }
        }
        content.select("h1, h2").removeIf(heading -> weight(heading) < 0);
        cleanConditionally(content, "table, ul, div");
    }

    /** From the inside out, so that what is emptied no longer counts for what holds it. */
    private void cleanConditionally(Element content, String tags) {
        List<Element> found = content.select(tags);
        for (int i = found.size() - 1; i >= 0; i--) {
            Element element = found.get(i);
            if (!element.equals(content) && element.parent() != null && isExtra(element)) {
                element.remove();
            }
        }
    }

    private boolean isData(Element table) {
        return dataTables.computeIfAbsent(table, DomBlocks::isData);
    }

    private boolean isExtra(Element element) {
        boolean table = element.normalName().equals("table");
        if ((table && isData(element))
                || element.parents().stream()
                        .anyMatch(parent -> parent.normalName().equals("table") && isData(parent))
                || element.closest("code") != null
                || element.select("table").stream().anyMatch(this::isData)) {
            return false;
        }
        double weight = weight(element);
        if (weight < 0) {
            return true;
        }
        String text = text(element);
        if (COMMA.matcher(text).results().count() >= 10) {
            return false;
        }
        int length = text.length();
        boolean list = element.normalName().equals("ul") || element.normalName().equals("ol");
        if (!list && length > 0) {
            int inLists = element.select("ul, ol").stream()
                    .mapToInt(inner -> text(inner).length())
                    .sum();
            list = inLists > .9 * length;
        }
        int paragraphs = element.select("p").size();
        int images = element.select("img").size();
        int items = element.select("li").size() - 100;
        int inputs = element.select("input").size();
        int headingLength = element.select("h1,h2,h3,h4,h5,h6").stream()
                .mapToInt(inner -> text(inner).length())
                .sum();
        double headings = length == 0 ? 0 : (double) headingLength / length;
        double links = linkDensity(element);
        boolean figure = element.closest("figure") != null;
        boolean gallery = list
                && images > 0
                && images == element.select("li").size()
                && element.children().stream().allMatch(item -> item.childrenSize() <= 1);
        if (gallery) {
            return false;
        }
        return (images > 1 && (double) paragraphs / images < .5 && !figure)
                || (!list && items > paragraphs)
                || inputs > paragraphs / 3
                || (!list && headings < .9 && length < 25 && (images == 0 || images > 2) && links > 0 && !figure)
                || (!list && weight < 25 && links > .2)
                || (weight >= 25 && links > .5)
                || (images == 0 && length == 0);
    }

    // ---- of elements

    private static String names(Element element) {
        return (element.className() + " " + element.id()).toLowerCase(Locale.ROOT);
    }

    private static String text(Element element) {
        return Tidy.line(element.wholeText());
    }

    private static double linkDensity(Element element) {
        double linked = 0;
        int all = text(element).length();
        if (all == 0) {
            return 0;
        }
        for (Element link : element.select("a")) {
            String target = link.attr("href");
            linked += text(link).length() * (target.startsWith("#") && target.length() > 1 ? .3 : 1);
        }
        return linked / all;
    }
}
