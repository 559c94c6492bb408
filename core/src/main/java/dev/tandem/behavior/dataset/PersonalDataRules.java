package dev.tandem.behavior.dataset;

import dev.tandem.behavior.dataset.PersonalData.Found;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rules of {@link PersonalData}. Repetitions are bounded, so that a long text takes time in proportion to it. */
final class PersonalDataRules {

    private static final String NO_WORD_BEFORE = "(?<![\\p{L}\\p{N}])";
    private static final String NO_WORD_AFTER = "(?![\\p{L}\\p{N}])";

    private static final Pattern EMAIL = Pattern.compile(
            "(?<![\\p{L}\\p{N}._%+-])[\\p{L}\\p{N}._%+-]{1,64}@(?:[\\p{L}\\p{N}][\\p{L}\\p{N}-]{0,62}\\.){1,8}\\p{L}{2,24}"
                    + NO_WORD_AFTER);
    /** Kept for documentation and tests (RFC 2606): nobody has them. */
    private static final Pattern NOBODYS_HOST =
            Pattern.compile("(?i).*[@.](?:example\\.(?:com|net|org)|example|test|invalid|localhost)");

    private static final Pattern URL = Pattern.compile(
            "(?i)" + NO_WORD_BEFORE + "(?:(?:https?|ftp)://|www\\.)[^\\s<>\"'|\\\\)\\]]{3,2000}(?<![.,;:!?])");

    /** In one piece in any case, or in capitals and groups of four. */
    private static final Pattern IBAN = Pattern.compile(NO_WORD_BEFORE
            + "(?:(?i:[A-Z]{2}\\d{2}[A-Z0-9]{11,30})|[A-Z]{2}\\d{2}(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,3})?)"
            + NO_WORD_AFTER);

    private static final Pattern CARD = Pattern.compile("(?<![\\p{L}\\p{N}+-]|\\d[ .,])(?:\\d{12,19}"
            + "|\\d{4}([ -])\\d{4}\\1\\d{4}\\1\\d{4}(?:\\1\\d{1,3})?|\\d{4}([ -])\\d{6}\\2\\d{4,5})" + NO_WORD_AFTER);
    /** Visa, Mastercard, American Express, Diners, JCB, Discover, Maestro: first digits and lengths. */
    private static final Pattern ISSUED =
            Pattern.compile("4\\d{12}(?:\\d{3}){0,2}|5[1-5]\\d{14}|2[2-7]\\d{14}|3[47]\\d{13}"
                    + "|3(?:0[0-5]|[68]\\d)\\d{11}|35\\d{14}|(?:2131|1800)\\d{11}|6(?:011|4[4-9]\\d|5\\d\\d)\\d{12,15}"
                    + "|(?:50|5[6-8]|63|67)\\d{10,17}");

    private static final String OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Pattern IP = Pattern.compile("(?i)(?<![\\p{L}\\p{N}.])(?:" + OCTET + "\\.){3}" + OCTET
            + "(?![\\p{L}\\p{N}]|\\.\\d)|(?<![\\p{L}\\p{N}:])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![\\p{L}\\p{N}:])"
            + "|(?<![\\p{L}\\p{N}:])(?:[0-9a-f]{1,4}:){2,6}(?::[0-9a-f]{1,4}){1,5}(?![\\p{L}\\p{N}:])");
    /** This machine, private networks, link-local, multicast and what is kept for documentation (RFC 6890). */
    private static final Pattern NOBODYS_IP = Pattern.compile(
            "(?i)(?:0|10|127|22[4-9]|2[3-5]\\d)\\..*|192\\.168\\..*|172\\.(?:1[6-9]|2\\d|3[01])\\..*|169\\.254\\..*"
                    + "|192\\.0\\.2\\..*|198\\.51\\.100\\..*|203\\.0\\.113\\..*|fe80:.*|2001:0?db8:.*");
    /** Four small numbers with dots are a section or a version, unless they are said to be an address. */
    private static final Pattern SMALL = Pattern.compile("(?:[12]?\\d\\.){3}[12]?\\d");

    private static final Pattern IP_BEFORE = Pattern.compile("(?i)\\bIP(?:v4)?\\b[^\\n.]{0,20}$");
    private static final Pattern VERSION_BEFORE =
            Pattern.compile("(?i)(?:\\b(?:version|versions|release|build|v|ver)\\.?|[<>=~^]) ?$");

    private static final Pattern SSN = Pattern.compile(
            "(?<![\\p{L}\\p{N}-])(?!000|666|9)\\d{3}-(?!00)\\d{2}-(?!0000)\\d{4}(?![\\p{L}\\p{N}]|-\\d)");

    private static final String MONTH =
            "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
                    + "|Nov(?:ember)?|Dec(?:ember)?)\\.?";
    private static final String DAY = "\\d{1,2}(?:st|nd|rd|th)?";
    /** Of people who may be alive: born since 1900. */
    private static final String YEAR = "(?:19|20)\\d{2}";

    private static final Pattern DATE =
            Pattern.compile("(?i)(?<![\\p{L}\\p{N}/.-])(?:" + YEAR + "[-/.][01]?\\d[-/.][0-3]?\\d"
                    + "|(?:[0-3]?\\d[-/.][01]?\\d|[01]?\\d[-/.][0-3]?\\d)[-/.](?:" + YEAR + "|\\d{2})|" + MONTH + " "
                    + DAY + ",? " + YEAR + "|" + DAY
                    + "(?: of)? " + MONTH + ",? " + YEAR + ")" + NO_WORD_AFTER);
    private static final Pattern BIRTH_BEFORE =
            Pattern.compile("(?is)\\b(?:born|birth|birthday|birthdate|dob|d\\.o\\.b)\\b[^\\d]{0,40}$");

    private static final String EXTENSION = "(?:(?: ?x| ?ext\\.? ?)\\d{1,6})?";
    private static final Pattern PHONE = Pattern.compile("(?i)(?<![\\p{L}\\p{N}+/-]|\\d[ .,])(?:"
            // +41 (0)96 471 07 95, +447700 208 815
            + "\\+\\d{1,3}[ .-]?(?:\\(\\d{1,4}\\)[ .-]?)?\\d{1,10}(?:[ .-]?\\d{2,4}){0,5}"
            // 905-674-3793, (602)272-9781, 001-253-366-9781
            + "|(?:(?:00)?1[ .-])?(?:\\(\\d{3}\\) ?|\\d{3}[.-])\\d{3}[ .-]\\d{4}"
            // 0490 75 40 81, 03.93.92.16.85
            + "|0{1,2}[1-9]\\d{0,3}(?:[ .-]\\d{2,4}){2,4})" + EXTENSION + "(?![\\p{L}\\p{N}]|[,.]\\d)");
    /** What is a telephone number where words before it say so. */
    private static final Pattern NUMBER =
            Pattern.compile("(?i)(?<![\\p{L}\\p{N}.,+/$€£-])\\(?\\d{1,5}\\)?(?:[ .-]?\\d{2,5}){1,5}" + EXTENSION
                    + "(?![\\p{L}\\p{N}%]|[,.]\\d)");

    private static final Pattern PHONE_BEFORE = Pattern.compile(
            "(?is)\\b(?:tele)?(?:phones?|tel|mobile|cell|fax|desk|dial|sms|whatsapp|call|reach|answering)\\b(?! ?(?:card|order))"
                    + "[^\\d\\n.]{0,24}$");

    private static final String NAMED = "(?:[\\p{Lu}\\d][\\p{L}\\p{M}\\d'’.-]* ){1,4}";
    private static final String HOUSE = "\\d{1,5}[a-zA-Z]?";
    private static final Pattern ADDRESS = Pattern.compile(NO_WORD_BEFORE + "(?:"
            // 10 Downing Street
            + HOUSE + " " + NAMED
            + "(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Court|Ct|Boulevard|Blvd|Way|Place|Pl|Square|Terrace|Crescent"
            + "|Close|Parkway|Pkwy|Highway|Hwy|Trail|Circle|Row)\\b\\.?"
            // Kiannonkatu 98, Hauptstraße 5, Dobó u. 7
            + "|[\\p{Lu}][\\p{L}\\p{M}'’-]*(?:straße|strasse|gasse|weg|platz|allee|gatan|gata|vägen|vegen|veien|vej|gade|allé|katu|tie"
            + "|straat|laan|stræde|plein|kuja|polku|väg|gränd)\\.? " + HOUSE
            + "|(?:\\p{Lu}[\\p{L}\\p{M}'’-]* ){1,3}(?:Straße|Strasse|Str\\.|út|utca|u\\.|tér|ulica|ul\\.|utca|köz|krt\\.) ?"
            + HOUSE
            // 12 rue Lafayette, Via Franscini 71, Rua do Arenque 1634
            + "|" + HOUSE
            + ",? (?:bis )?(?i:rue|avenue|boulevard|chemin|impasse|allée|quai) (?:\\p{L}[\\p{L}\\p{M}'’-]* ){0,3}\\p{Lu}[\\p{L}\\p{M}'’-]*"
            + "|(?:Via|Viale|Piazza|Corso|Calle|Avenida|Avda\\.|Av\\.|Rua|Travessa|Largo|Strada|Ulica|[Uu]l\\.|calle|rua|avenida) (?:\\p{L}[\\p{L}\\p{M}'’.-]* ){0,3}\\p{Lu}[\\p{L}\\p{M}'’.-]*,? "
            + HOUSE
            // PO Box 12, PSC 0413, Box 8144
            + "|(?i:p\\.? ?o\\.? box|psc \\d{1,5},? box|unit \\d{1,5} box) \\d{1,6}"
            // Apt. 864
            + "|(?:Apt|Apartment|Suite)\\.? (?:\\d{1,5}|[A-Z]\\d{0,4})"
            + ")" + NO_WORD_AFTER);
    /** What is an address where words before it say so: 5638 Aasa 43. */
    private static final Pattern HOUSE_NAMED = Pattern.compile(NO_WORD_BEFORE + "(?:" + HOUSE + " " + NAMED + HOUSE
            + "|" + HOUSE + ",? \\p{Lu}" + "|(?:\\p{Lu}[\\p{L}\\p{M}'’.-]* ){1,4}" + HOUSE + ")" + NO_WORD_AFTER);

    private static final Pattern ADDRESS_BEFORE = Pattern.compile(
            "(?is)\\b(?:address(?:es)?(?: is|:| to| at|\\? it(?: is|'s))|(?:lives?|lived|living|located|resid(?:e|es|ed|ing)|offices?)"
                    + "(?: are| is)?(?: located)?(?: at| on)|sent? to) {1,8}$");
    private static final Pattern ROUTE =
            Pattern.compile("\\b(?:Route|Highway|Interstate|Exit|Channel|Page|Section|Chapter)\\b");

    private static final Pattern COURT =
            Pattern.compile("(?:Supreme|District|High|Circuit|Federal|County|Crown) Court\\.?$");

    private static final String PART_OF_NAME = "\\p{Lu}[\\p{L}\\p{M}'’-]+";
    private static final Pattern PERSON = Pattern.compile(
            "\\b(?:(?:Mr|Mrs|Ms|Mx|Miss|Dr|Prof|Sir)\\.? |(?i:my name is|my name's|first name:|last name:|(?<!\\p{L} )name:) {1,8})("
                    + PART_OF_NAME + "(?: (?:" + PART_OF_NAME
                    + "|\\p{Lu}\\.?(?!\\p{L})|de|da|di|dos|van|von|der)){0,3})");

    private PersonalDataRules() {}

    static List<Found> of(PersonalDataType type, String text) {
        if (!mayHold(type, text)) {
            return List.of();
        }
        return switch (type) {
            case EMAIL ->
                all(
                        type,
                        EMAIL,
                        text,
                        each -> !NOBODYS_HOST.matcher(each.group()).matches());
            case URL -> all(type, URL, text, _ -> true);
            case IBAN -> accounts(text);
            case CARD -> all(type, CARD, text, each -> isCard(digits(each.group())));
            case IP ->
                all(
                        type,
                        IP,
                        text,
                        each -> !NOBODYS_IP.matcher(each.group()).matches()
                                && !follows(VERSION_BEFORE, text, each)
                                && (!SMALL.matcher(each.group()).matches() || follows(IP_BEFORE, text, each)));
            case SSN -> all(type, SSN, text, _ -> true);
            case BIRTH -> all(type, DATE, text, each -> follows(BIRTH_BEFORE, text, each));
            case PHONE -> phones(text);
            case ADDRESS -> addresses(text);
            case PERSON -> persons(text);
        };
    }

    /** Most texts have no digit and no sign, and need not be looked through ten times. */
    private static boolean mayHold(PersonalDataType type, String text) {
        return switch (type) {
            case EMAIL -> text.indexOf('@') >= 0;
            case URL -> text.contains("://") || text.contains("www.") || text.contains("WWW.");
            case PERSON -> true;
            case IBAN, CARD, IP, SSN, BIRTH, PHONE, ADDRESS ->
                text.chars().anyMatch(each -> each >= '0' && each <= '9');
        };
    }

    private static List<Found> all(PersonalDataType type, Pattern pattern, String text, Predicate<Matcher> holds) {
        var found = new ArrayList<Found>();
        for (Matcher each = pattern.matcher(text); each.find(); ) {
            if (holds.test(each)) {
                found.add(new Found(type, each.start(), each.end()));
            }
        }
        return found;
    }

    private static List<Found> phones(String text) {
        List<Found> found = all(
                PersonalDataType.PHONE,
                PHONE,
                text,
                each -> isLong(each.group(), 8) && !DATE.matcher(each.group()).find());
        for (Matcher each = NUMBER.matcher(text); each.find(); ) {
            if (isLong(each.group(), 7) && !DATE.matcher(each.group()).find() && follows(PHONE_BEFORE, text, each)) {
                found.add(new Found(PersonalDataType.PHONE, each.start(), each.end()));
            }
        }
        return found;
    }

    private static List<Found> addresses(String text) {
        List<Found> found = all(
                PersonalDataType.ADDRESS,
                ADDRESS,
                text,
                each -> !COURT.matcher(each.group()).find());
        found.addAll(all(
                PersonalDataType.ADDRESS,
                HOUSE_NAMED,
                text,
                each -> follows(ADDRESS_BEFORE, text, each)
                        && !ROUTE.matcher(each.group()).find()));
        return found;
    }

    private static boolean isLong(String number, int least) {
        // An extension is no part of what a country's plan allows: 15 digits (E.164).
        int digits = digits(number.replaceFirst("(?i) ?(?:x|ext).*", "")).length();
        return digits >= least && digits <= 15;
    }

    private static List<Found> persons(String text) {
        var found = new ArrayList<Found>();
        for (Matcher each = PERSON.matcher(text); each.find(); ) {
            int end = each.group(1).matches(".*['’]s") ? each.end(1) - 2 : each.end(1);
            found.add(new Found(PersonalDataType.PERSON, each.start(1), end));
        }
        return found;
    }

    /** Words of four letters behind an account look like a part of it: the longest that its check digits allow. */
    private static List<Found> accounts(String text) {
        var found = new ArrayList<Found>();
        for (Matcher each = IBAN.matcher(text); each.find(); ) {
            String candidate = each.group();
            int end = candidate.length();
            while (end > 0 && !isAccount(candidate.substring(0, end).replaceAll("[ -]", ""))) {
                end = Math.max(candidate.lastIndexOf(' ', end - 1), candidate.lastIndexOf('-', end - 1));
            }
            if (end > 0) {
                found.add(new Found(PersonalDataType.IBAN, each.start(), each.start() + end));
            }
        }
        return found;
    }

    /** ISO 13616: the first four characters put last and letters read as 10 to 35, the number is 1 modulo 97. */
    private static boolean isAccount(String iban) {
        if (iban.length() < 15 || iban.length() > 34) {
            return false;
        }
        var number = new StringBuilder();
        String turned = (iban.substring(4) + iban.substring(0, 4)).toUpperCase(Locale.ROOT);
        turned.chars().forEach(each -> number.append(Character.digit(each, 36)));
        return new BigInteger(number.toString()).mod(BigInteger.valueOf(97)).intValue() == 1;
    }

    /** Luhn's check digit (ISO 7812), and first digits and a length that a card has. */
    private static boolean isCard(String digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int doubled = i % 2 == 0 ? digit : 2 * digit;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }
        return sum % 10 == 0 && ISSUED.matcher(digits).matches();
    }

    private static String digits(String text) {
        return text.replaceAll("[^0-9]", "");
    }

    /** Whether what stands right before a match ends like this; looks back as far as a cue can be. */
    private static boolean follows(Pattern before, String text, Matcher match) {
        return before.matcher(text.substring(Math.max(0, match.start() - 64), match.start()))
                .find();
    }
}
