package dev.tandem.app;

import dev.tandem.catalog.Storage;
import dev.tandem.domain.Encoder;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Language;
import dev.tandem.domain.Printable;
import dev.tandem.llm.EmbeddingModels;
import dev.tandem.llm.LanguageModels;
import dev.tandem.parse.Ocr;
import dev.tandem.parse.ParseLimits;
import dev.tandem.sources.WebSettings;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Everything that can be configured, flat. Kept in a home as lines of {@code key = value}; a key that does not exist is
 * an error wherever it stands, so that a mistyped one is never silently without effect.
 *
 * @param model the language model that writes answers, {@code PROVIDER:NAME}; empty for the built-in reader
 * @param modelKey where the model's key is found, {@code env:NAME} or {@code file:PATH}: never the key itself
 * @param modelPrice US dollars for a million tokens of prompt and answer, {@code IN/OUT}; empty where it is not known
 * @param modelDeadlineSeconds after which a question is given up
 * @param modelFallback the language model asked where the first fails; empty for none
 * @param modelFallbackKey as {@code modelKey}
 * @param modelFallbackPrice as {@code modelPrice}
 * @param budgetUsd most that a tenant may spend on language models in a calendar month (UTC); empty for no limit
 * @param encoder folder of a sentence encoder in ONNX, or one that is served, {@code PROVIDER:NAME}; empty for the bundled
 *     one
 * @param encoderKey where the key of a served encoder is found, as {@code modelKey}
 * @param encoderPrice US dollars for a million tokens that it embeds; empty where it is not known
 * @param encoderPerMinute most requests to it in a minute; 0 for no limit
 * @param encoderParallel most requests to it at a time
 * @param encoderLanguages that an encoder other than the bundled one knows, codes between commas; empty for all
 * @param reader that answers without a language model: {@code plain}, {@code tuned} or {@code adapter:NAME}; empty for plain
 * @param language of documents that are too short to tell, by its code
 * @param maxFileMegabytes larger files are not read, and reported
 * @param web what may be fetched, and how politely
 * @param parsing what one office document, message or archive may cost
 * @param ocr how text in pictures is recognised
 */
public record Settings(
        String model,
        String modelKey,
        String modelPrice,
        int modelDeadlineSeconds,
        String modelFallback,
        String modelFallbackKey,
        String modelFallbackPrice,
        String budgetUsd,
        String encoder,
        String encoderKey,
        String encoderPrice,
        int encoderPerMinute,
        int encoderParallel,
        String encoderLanguages,
        String reader,
        String language,
        int maxFileMegabytes,
        ParseLimits parsing,
        Ocr ocr,
        WebSettings web) {

    /** The built-in reader that needs no trained encoder. */
    static final String PLAIN = "plain";

    /** The built-in reader that was trained; see {@link BuiltInReader}. */
    static final String TUNED = "tuned";

    public static final Settings DEFAULT = new Settings(
            "",
            "",
            "",
            120,
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            0,
            4,
            "",
            "",
            Language.ENGLISH.code(),
            100,
            ParseLimits.standard(),
            Ocr.standard(),
            WebSettings.standard());

    /** A question's whole time at language models. */
    public Duration modelTime() {
        return Duration.ofSeconds(modelDeadlineSeconds);
    }

    /** Settings while one of them is changed. */
    private static final class Draft {
        String model;
        String modelKey;
        String modelPrice;
        int modelDeadlineSeconds;
        String modelFallback;
        String modelFallbackKey;
        String modelFallbackPrice;
        String budgetUsd;
        String encoder;
        String encoderKey;
        String encoderPrice;
        int encoderPerMinute;
        int encoderParallel;
        String encoderLanguages;
        String reader;
        String language;
        int maxFileMegabytes;
        ParseLimits parsing;
        Ocr ocr;
        WebSettings web;

        Draft(Settings from) {
            model = from.model;
            modelKey = from.modelKey;
            modelPrice = from.modelPrice;
            modelDeadlineSeconds = from.modelDeadlineSeconds;
            modelFallback = from.modelFallback;
            modelFallbackKey = from.modelFallbackKey;
            modelFallbackPrice = from.modelFallbackPrice;
            budgetUsd = from.budgetUsd;
            encoder = from.encoder;
            encoderKey = from.encoderKey;
            encoderPrice = from.encoderPrice;
            encoderPerMinute = from.encoderPerMinute;
            encoderParallel = from.encoderParallel;
            encoderLanguages = from.encoderLanguages;
            reader = from.reader;
            language = from.language;
            maxFileMegabytes = from.maxFileMegabytes;
            parsing = from.parsing;
            ocr = from.ocr;
            web = from.web;
        }

        Settings done() {
            return new Settings(
                    model,
                    modelKey,
                    modelPrice,
                    modelDeadlineSeconds,
                    modelFallback,
                    modelFallbackKey,
                    modelFallbackPrice,
                    budgetUsd,
                    encoder,
                    encoderKey,
                    encoderPrice,
                    encoderPerMinute,
                    encoderParallel,
                    encoderLanguages,
                    reader,
                    language,
                    maxFileMegabytes,
                    parsing,
                    ocr,
                    web);
        }
    }

    /** One thing to configure: its name on the command line and in the file, and how it is read and written. */
    public record Key(
            String name,
            String description,
            Function<Settings, String> read,
            BiFunction<Settings, String, Settings> write) {}

    public static final List<Key> KEYS = List.of(
            key(
                    "model",
                    "language model that writes answers, PROVIDER:NAME; empty: the built-in reader",
                    s -> String.valueOf(s.model),
                    (draft, value) -> draft.model = value),
            key(
                    "model-key",
                    "where the model's key is found: env:NAME or file:PATH, never the key itself",
                    s -> String.valueOf(s.modelKey),
                    (draft, value) -> draft.modelKey = reference(value)),
            key(
                    "model-price",
                    "US dollars for a million tokens of prompt and answer, IN/OUT; empty: not known",
                    s -> String.valueOf(s.modelPrice),
                    (draft, value) -> draft.modelPrice = price("model-price", value)),
            key(
                    "model-deadline-s",
                    "seconds after which a question is given up; 1 to 3600",
                    s -> String.valueOf(s.modelDeadlineSeconds),
                    (draft, value) -> draft.modelDeadlineSeconds = number("model-deadline-s", value, 1, 3600)),
            key(
                    "model-fallback",
                    "language model asked where the first one fails; empty: none",
                    s -> String.valueOf(s.modelFallback),
                    (draft, value) -> draft.modelFallback = value),
            key(
                    "model-fallback-key",
                    "where the fallback's key is found: env:NAME or file:PATH",
                    s -> String.valueOf(s.modelFallbackKey),
                    (draft, value) -> draft.modelFallbackKey = reference(value)),
            key(
                    "model-fallback-price",
                    "the fallback's price, as model-price",
                    s -> String.valueOf(s.modelFallbackPrice),
                    (draft, value) -> draft.modelFallbackPrice = price("model-fallback-price", value)),
            key(
                    "budget-usd",
                    "most that a tenant may spend on language models in a month; empty: no limit",
                    s -> String.valueOf(s.budgetUsd),
                    (draft, value) -> draft.budgetUsd = dollars("budget-usd", value)),
            key(
                    "encoder",
                    "sentence encoder: a folder in ONNX, or PROVIDER:NAME; empty: the bundled bge-small-en-v1.5",
                    s -> String.valueOf(s.encoder),
                    (draft, value) -> draft.encoder = value),
            key(
                    "encoder-key",
                    "where the key of a served encoder is found: env:NAME or file:PATH",
                    s -> String.valueOf(s.encoderKey),
                    (draft, value) -> draft.encoderKey = reference(value)),
            key(
                    "encoder-price",
                    "US dollars for a million tokens that a served encoder embeds; empty: not known",
                    s -> String.valueOf(s.encoderPrice),
                    (draft, value) -> draft.encoderPrice = dollars("encoder-price", value)),
            key(
                    "encoder-rpm",
                    "most requests to a served encoder in a minute; 0: no limit; up to 100000",
                    s -> String.valueOf(s.encoderPerMinute),
                    (draft, value) -> draft.encoderPerMinute = number("encoder-rpm", value, 0, 100_000)),
            key(
                    "encoder-parallel",
                    "most requests to a served encoder at a time; 1 to 64",
                    s -> String.valueOf(s.encoderParallel),
                    (draft, value) -> draft.encoderParallel = number("encoder-parallel", value, 1, 64)),
            key(
                    "encoder-languages",
                    "languages that an encoder other than the bundled one knows: de,en,fr; empty: all",
                    s -> String.valueOf(s.encoderLanguages),
                    (draft, value) -> draft.encoderLanguages = Encoder.languages(value).stream()
                            .map(Language::code)
                            .sorted()
                            .collect(Collectors.joining(","))),
            key(
                    "reader",
                    "what answers without a language model: plain, tuned, or adapter:NAME, a reader that you trained (plain)",
                    s -> String.valueOf(s.reader),
                    (draft, value) -> draft.reader = reader(value)),
            key(
                    "language",
                    "language of documents that are too short to tell: en, de, fr, ja …",
                    s -> String.valueOf(s.language),
                    (draft, value) -> draft.language = Language.named(value).code()),
            key(
                    "max-file-mb",
                    "larger files are not read, and reported; 1 to 2000",
                    s -> String.valueOf(s.maxFileMegabytes),
                    (draft, value) -> draft.maxFileMegabytes = number("max-file-mb", value, 1, 2000)),
            parsing(
                    "parse-seconds",
                    "time for one office document, message or archive; 1 to 3600",
                    limits -> limits.time().toSeconds(),
                    (limits, value) -> limits.withTime(Duration.ofSeconds(number("parse-seconds", value, 1, 3_600)))),
            parsing(
                    "parse-memory-mb",
                    "memory for reading one; 64 to 16000",
                    ParseLimits::memoryMegabytes,
                    (limits, value) -> limits.withMemory(number("parse-memory-mb", value, 64, 16_000))),
            parsing(
                    "parse-text-mb",
                    "most text in one file, in millions of characters; 1 to 500",
                    limits -> limits.characters() / 1_000_000,
                    (limits, value) -> limits.withCharacters(number("parse-text-mb", value, 1, 500) * 1_000_000L)),
            parsing(
                    "parse-depth",
                    "most files in files in files; 0 to 100",
                    ParseLimits::depth,
                    (limits, value) -> limits.withDepth(number("parse-depth", value, 0, 100))),
            parsing(
                    "parse-files",
                    "most files in one, all levels together; 0 to 1000000",
                    ParseLimits::parts,
                    (limits, value) -> limits.withParts(number("parse-files", value, 0, 1_000_000))),
            parsing(
                    "parse-unpacked-mb",
                    "most that one archive may unpack to, all levels together; 1 to 100000",
                    ParseLimits::unpackedMegabytes,
                    (limits, value) -> limits.withUnpacked(number("parse-unpacked-mb", value, 1, 100_000))),
            parsing(
                    "parse-processes",
                    "most processes that read at the same time; 1 to 64",
                    ParseLimits::children,
                    (limits, value) -> limits.withChildren(number("parse-processes", value, 1, 64))),
            key(
                    "ocr",
                    "whether text in pictures is recognised where tesseract is installed; on or off",
                    s -> s.ocr.on() ? "on" : "off",
                    (draft, value) -> draft.ocr = draft.ocr.withOn(onOff("ocr", value))),
            key(
                    "ocr-languages",
                    "languages that it looks for, as tesseract calls them: eng, or deu+eng",
                    s -> String.valueOf(s.ocr.languages()),
                    (draft, value) -> draft.ocr = draft.ocr.withLanguages(ocrLanguages(value))),
            key(
                    "ocr-seconds",
                    "time for one file; 1 to 86400",
                    s -> String.valueOf(s.ocr.time().toSeconds()),
                    (draft, value) -> draft.ocr =
                            draft.ocr.withTime(Duration.ofSeconds(number("ocr-seconds", value, 1, 86_400)))),
            web(
                    "web-hosts",
                    "hosts that are fetched from besides those of the URLs given, separated by commas",
                    WebSettings::hosts,
                    WebSettings::withHosts),
            web(
                    "web-schemes",
                    "https, http or both, separated by commas",
                    WebSettings::schemes,
                    (web, value) -> web.withSchemes(schemes(value))),
            web(
                    "web-private",
                    "hosts that may have private addresses, as in an intranet, separated by commas",
                    WebSettings::privateHosts,
                    WebSettings::withPrivateHosts),
            web(
                    "web-delay-ms",
                    "pause between two requests to one host; 0 to 60000",
                    web -> String.valueOf(web.delayMillis()),
                    (web, value) -> web.withDelay(number("web-delay-ms", value, 0, 60_000))),
            web(
                    "web-seconds",
                    "time for one page; 1 to 600",
                    web -> String.valueOf(web.seconds()),
                    (web, value) -> web.withSeconds(number("web-seconds", value, 1, 600))),
            web(
                    "web-pages",
                    "most pages that one sitemap or feed may list; 1 to 1000000",
                    web -> String.valueOf(web.pages()),
                    (web, value) -> web.withPages(number("web-pages", value, 1, 1_000_000))));

    private static Key web(
            String name,
            String description,
            Function<WebSettings, String> read,
            BiFunction<WebSettings, String, WebSettings> write) {
        return key(
                name, description, s -> read.apply(s.web), (draft, value) -> draft.web = write.apply(draft.web, value));
    }

    private static boolean onOff(String key, String value) {
        if (!value.matches("on|off")) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "'" + Printable.of(value) + "' is no value for " + key + ".",
                    "Give on or off.");
        }
        return value.equals("on");
    }

    private static String ocrLanguages(String value) {
        if (!value.matches("\\w+(?:[+/]\\w+)*")) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "'" + Printable.of(value) + "' is no value for ocr-languages.",
                    "Give languages as tesseract --list-langs has them, such as deu+eng.");
        }
        return value;
    }

    private static String schemes(String value) {
        if (value.matches("https|http|https,http|http,https")) {
            return value;
        }
        throw new Failure(
                Failure.Kind.INVALID,
                "'" + Printable.of(value) + "' is no value for web-schemes.",
                "Give https, http or https,http.");
    }

    private static Key parsing(
            String name,
            String description,
            ToLongFunction<ParseLimits> read,
            BiFunction<ParseLimits, String, ParseLimits> write) {
        return key(
                name,
                description,
                s -> String.valueOf(read.applyAsLong(s.parsing)),
                (draft, value) -> draft.parsing = write.apply(draft.parsing, value));
    }

    private static Key key(
            String name, String description, Function<Settings, String> read, BiConsumer<Draft, String> write) {
        return new Key(name, description, read, (settings, value) -> {
            var draft = new Draft(settings);
            write.accept(draft, value);
            return draft.done();
        });
    }

    private static final String FILE = "settings.conf";

    public static Key key(String name) {
        return KEYS.stream().filter(key -> key.name().equals(name)).findFirst().orElseThrow(() -> unknown(name, ""));
    }

    /** The same with another value, which is looked at more closely than what a home has had for long. */
    public Settings with(String key, String value) {
        String given = value.strip();
        switch (key) {
            case "model", "model-fallback" -> requireModel(given);
            case "encoder" -> requireEncoder(given);
            default -> {}
        }
        return key(key).write().apply(this, given);
    }

    /** Empty, a built-in one, or {@code adapter:NAME}. */
    private static String reader(String value) {
        if (!value.isEmpty() && !value.matches(PLAIN + "|" + TUNED + "|adapter:\\S+")) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The setting reader cannot be '" + Printable.of(value) + "'.",
                    "Give plain or tuned, or name one that you trained: tandem config set reader adapter:NAME; tandem"
                            + " adapters list shows them.");
        }
        return value;
    }

    private static void requireModel(String reference) {
        if (!reference.isEmpty()) {
            LanguageModels.requireReadable(reference);
        }
    }

    /** A folder, which may be put there later, or a server; {@code C:} begins a path. */
    private static void requireEncoder(String reference) {
        boolean served = reference.matches("[A-Za-z][\\w+.-]+:.*") && !Files.exists(Path.of(reference));
        if (served) {
            EmbeddingModels.requireReadable(reference);
        }
    }

    public String get(String key) {
        return key(key).read().apply(this);
    }

    /** The settings of a home; the defaults where none were made. */
    public static Settings load(Path home) {
        Path file = home.resolve(FILE);
        Settings settings = DEFAULT;
        int number = 0;
        for (String line : lines(file)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            int equals = line.indexOf('=');
            String name = line.substring(0, Math.max(0, equals)).strip();
            String place = " in " + file + ", line " + number;
            Key key = KEYS.stream()
                    .filter(known -> known.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> unknown(equals < 0 ? line : name, place));
            settings = key.write().apply(settings, line.substring(equals + 1).strip());
        }
        return settings;
    }

    /**
     * Changes the settings of a home and keeps them: whole or not at all, and one change after the other where two
     * processes make one (a file lock is of the whole JVM, hence also synchronized).
     */
    public static synchronized Settings change(Path home, UnaryOperator<Settings> change) {
        try {
            Storage.createHome(home);
            try (var channel = FileChannel.open(
                            home.resolve("settings.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var _ = channel.lock()) {
                Settings changed = change.apply(load(home));
                Path written = Files.writeString(home.resolve(FILE + ".new"), changed.text());
                Files.move(
                        written,
                        home.resolve(FILE),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
                return changed;
            }
        } catch (IOException e) {
            throw new Failure(
                    Failure.Kind.DENIED,
                    "The settings in " + home + " could not be written: "
                            + Printable.of(String.valueOf(e.getMessage())),
                    "Choose a writable home with --home DIR or TANDEM_HOME, and check that its disk is not full.",
                    e);
        }
    }

    /** As the file has it: only what differs from the defaults. */
    private String text() {
        SortedMap<String, String> own = new TreeMap<>();
        for (Key key : KEYS) {
            String value = key.read().apply(this);
            if (!value.equals(key.read().apply(DEFAULT))) {
                own.put(key.name(), value);
            }
        }
        return own.entrySet().stream()
                .map(entry -> entry.getKey() + " = " + entry.getValue() + "\n")
                .collect(Collectors.joining("", "# Written by tandem config; see docs/configuration.md\n", ""));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new Failure(
                    Failure.Kind.BROKEN,
                    "The settings in " + file + " cannot be read.",
                    "Check its permissions, or remove it to go back to the defaults.",
                    e);
        }
    }

    private static String reference(String value) {
        if (value.isEmpty() || value.matches("(env|file):\\S.*")) {
            return value;
        }
        throw new Failure(
                Failure.Kind.INVALID,
                "A key is given by reference, so that it stands in no settings file.",
                "Write env:NAME for an environment variable, or file:PATH for a file that holds it.");
    }

    private static String price(String key, String value) {
        if (value.isEmpty() || value.matches("\\d{1,6}(\\.\\d{1,6})?/\\d{1,6}(\\.\\d{1,6})?")) {
            return value;
        }
        throw new Failure(
                Failure.Kind.INVALID,
                "'" + Printable.of(value) + "' is no value for " + key + ".",
                "Give US dollars for a million tokens of prompt and of answer, such as 0.15/0.60; 0/0 for a model of"
                        + " your own.");
    }

    private static String dollars(String key, String value) {
        if (value.isEmpty() || value.matches("\\d{1,9}(\\.\\d{1,6})?")) {
            return value;
        }
        throw new Failure(
                Failure.Kind.INVALID,
                "'" + Printable.of(value) + "' is no value for " + key + ".",
                "Give US dollars, such as 25 or 0.50; nothing for none.");
    }

    private static int number(String key, String value, int least, int most) {
        if (value.matches("\\d{1,9}") && Integer.parseInt(value) >= least && Integer.parseInt(value) <= most) {
            return Integer.parseInt(value);
        }
        throw new Failure(
                Failure.Kind.INVALID,
                "'" + Printable.of(value) + "' is no value for " + key + ".",
                "Give a whole number from " + least + " to " + most + ".");
    }

    private static Failure unknown(String name, String place) {
        String near = KEYS.stream()
                .map(Key::name)
                .min(java.util.Comparator.comparingInt(known -> distance(known, name)))
                .orElseThrow();
        return new Failure(
                Failure.Kind.INVALID,
                "There is no setting '" + Printable.of(name) + "'" + place + ".",
                (distance(near, name) <= 3 ? "Did you mean " + near + "? " : "")
                        + (place.isEmpty()
                                ? "tandem config list shows every setting."
                                : "Mend or delete that line; docs/configuration.md has every setting."));
    }

    /** Levenshtein's edit distance. */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
