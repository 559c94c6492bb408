package dev.tandem.parse.child;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.io.IOUtils;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.rendering.ImageType;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.jspecify.annotations.Nullable;

/**
 * Text from pictures: pages of a PDF are drawn, an image is taken as it is, and {@code tesseract} reads them one by one, in a
 * process of its own with limits on memory and processor time. Whoever ends this process ends that one, too.
 */
final class Recognition {

    /** More is a book: an hour and more on one core. */
    private static final int MOST_PAGES = 1_000;

    /** What tesseract reads best, as long as a page is not a poster. */
    private static final float DPI = 300;

    private static final float MOST_PIXELS = 25_000_000;

    /** Of tesseract's address space. */
    private static final int MEGABYTES = 2_000;

    private static final int SECONDS = 600;

    /** Of 100; words of less are specks and textures. */
    private static final float SURE = 30;

    /** The mean of a page's words; photographs that are taken for letters stay below. */
    private static final float SURE_OF_PAGE = 50;

    private static final String MEND = "Mend or convert the file, then ingest it again.";

    private final Bounds bounds;
    private final String command;
    private final String languages;
    private @Nullable String version;

    Recognition(Bounds bounds, String command, String languages) {
        this.bounds = bounds;
        this.command = command;
        this.languages = languages;
    }

    /** Tells text by pages, and by what it was recognised; or the reason why not. */
    void read(Path file, DataOutputStream out) throws IOException {
        try {
            var pages = new Pages(out);
            int count = isPdf(file) ? pdf(file, pages) : image(file, pages);
            if (pages.isEmpty()) {
                throw new Refused("No text was recognised in it: it shows pictures, or nothing.", MEND);
            }
            Frame.of(Frame.Kind.METADATA, "recognised by", version()).write(out);
            Frame.of(Frame.Kind.METADATA, "pages", Integer.toString(count)).write(out);
            Frame.of(Frame.Kind.DONE).write(out);
        } catch (Refused why) {
            Frame.of(Frame.Kind.FAILED, why.reason(), why.nextStep()).write(out);
        } catch (IOException | RuntimeException | StackOverflowError | LinkageError broken) {
            Frame.of(Frame.Kind.FAILED, "It is broken: its pages could not be drawn.", MEND)
                    .write(out);
        }
    }

    private static boolean isPdf(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(1_024), StandardCharsets.ISO_8859_1).contains("%PDF-");
        }
    }

    private int pdf(Path file, Pages pages) throws IOException, Refused {
        try (PDDocument document =
                Loader.loadPDF(file.toFile(), "", null, null, IOUtils.createTempFileOnlyStreamCache())) {
            int count = document.getNumberOfPages();
            if (count > MOST_PAGES) {
                throw new Refused(
                        "It has " + count + " pages without a text layer; at most " + MOST_PAGES + " are recognised.",
                        "Split it, then ingest the parts.");
            }
            String title = document.getDocumentInformation().getTitle();
            if (title != null && !title.isBlank()) {
                Frame.of(Frame.Kind.TITLE, Blocks.cut(title, 1_000)).write(pages.out);
            }
            var renderer = new PDFRenderer(document);
            renderer.setSubsamplingAllowed(true);
            Path picture = file.resolveSibling("page.pgm");
            for (int page = 0; page < count; page++) {
                PDRectangle box = document.getPage(page).getCropBox();
                float inches = Math.max(1, box.getWidth() * box.getHeight() / (72 * 72));
                float dpi = Math.min(DPI, (float) Math.sqrt(MOST_PIXELS / inches));
                write(renderer.renderImageWithDPI(page, dpi, ImageType.GRAY), picture);
                pages.begin(page + 1);
                recognise(picture, dpi, pages);
            }
            Files.deleteIfExists(picture);
            return count;
        }
    }

    private int image(Path file, Pages pages) throws IOException, Refused {
        recognise(file, 0, pages);
        return pages.number;
    }

    /** As a portable graymap: a line of numbers, and the bytes. */
    private static void write(BufferedImage image, Path file) throws IOException {
        byte[] pixels = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        try (OutputStream to = Files.newOutputStream(file)) {
            to.write(("P5 " + image.getWidth() + " " + image.getHeight() + " 255\n")
                    .getBytes(StandardCharsets.US_ASCII));
            to.write(pixels);
        }
    }

    private void recognise(Path picture, float dpi, Pages pages) throws IOException, Refused {
        var arguments = new ArrayList<>(List.of(picture.toString(), "stdout", "-l", languages));
        if (dpi > 0) {
            arguments.addAll(List.of("--dpi", Integer.toString(Math.round(dpi))));
        }
        arguments.add("tsv");
        Path errors = picture.resolveSibling("errors");
        Process process = start(arguments).redirectError(errors.toFile()).start();
        process.getOutputStream().close();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                pages.word(line.split("\t", -1), dpi > 0);
            }
            pages.endPage();
            int code = process.waitFor();
            if (code != 0) {
                throw failed(code, errors);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            process.destroyForcibly();
        }
    }

    private ProcessBuilder start(List<String> arguments) {
        var all = new ArrayList<String>();
        if (Files.isExecutable(Path.of("/bin/sh"))) {
            all.addAll(List.of(
                    "/bin/sh",
                    "-c",
                    "ulimit -v " + MEGABYTES * 1_000 + "; ulimit -t " + SECONDS + "; exec \"$0\" \"$@\""));
        }
        all.add(command);
        all.addAll(arguments);
        var builder = new ProcessBuilder(all);
        // As many pages are read at a time as there are children; more threads for one slow each other down.
        builder.environment().put("OMP_THREAD_LIMIT", "1");
        return builder;
    }

    private Refused failed(int code, Path errors) throws IOException {
        try (InputStream in = Files.newInputStream(errors)) {
            if (new String(in.readNBytes(10_000), StandardCharsets.UTF_8).contains("loading language")) {
                return new Refused(
                        "Its text cannot be recognised: tesseract does not know the language '" + languages + "'.",
                        "Install that (Debian: tesseract-ocr-…), or change ocr-languages, then ingest it again.");
            }
        }
        return new Refused("Its text could not be recognised: tesseract gave up (exit code " + code + ").", MEND);
    }

    private String version() throws IOException {
        String known = version;
        if (known == null) {
            Process process =
                    start(List.of("--version")).redirectErrorStream(true).start();
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                String first = lines.readLine();
                known = first == null ? "tesseract" : Blocks.cut(first.strip(), 100);
            }
            version = known;
        }
        return known;
    }

    /** What was recognised, page by page and paragraph by paragraph. */
    private final class Pages {

        private final DataOutputStream out;
        private final List<String> paragraphs = new ArrayList<>();
        private final StringBuilder paragraph = new StringBuilder();
        private String at = "";
        private String line = "";
        private int number = 1;
        private int words;
        private float sure;
        private long characters;
        private boolean empty = true;

        Pages(DataOutputStream out) {
            this.out = out;
        }

        boolean isEmpty() {
            return empty;
        }

        void begin(int page) {
            number = page;
        }

        /** A line of tesseract's table: level, page, block, paragraph, line, word, four of its place, how sure, text. */
        void word(String[] cells, boolean onePage) throws IOException, Refused {
            if (cells.length < 12 || !cells[0].equals("5") || cells[11].isBlank()) {
                return;
            }
            float confidence = Float.parseFloat(cells[10]);
            if (confidence < SURE) {
                return;
            }
            if (!onePage && number != Integer.parseInt(cells[1])) {
                endPage();
                number = Integer.parseInt(cells[1]);
            }
            String block = cells[1] + " " + cells[2] + " " + cells[3];
            if (!block.equals(at)) {
                endParagraph();
                at = block;
            }
            String word = cells[11].strip();
            boolean newLine = !line.equals(cells[4]) && !paragraph.isEmpty();
            int last = paragraph.length() - 1;
            if (newLine
                    && last > 0
                    && paragraph.charAt(last) == '-'
                    && Character.isLetter(paragraph.charAt(last - 1))
                    && Character.isLowerCase(word.codePointAt(0))) {
                paragraph.setLength(last);
            } else if (!paragraph.isEmpty()) {
                paragraph.append(' ');
            }
            line = cells[4];
            paragraph.append(word);
            words++;
            sure += confidence;
            characters += word.length() + 1;
            if (characters > bounds.characters()) {
                throw new Refused(
                        String.format(Locale.ROOT, "It holds more than %,d characters of text.", bounds.characters()),
                        "Split it into smaller files, then ingest those; or raise parse-text-mb.");
            }
        }

        private void endParagraph() {
            if (!paragraph.isEmpty()) {
                paragraphs.add(paragraph.toString());
                paragraph.setLength(0);
            }
            at = "";
            line = "";
        }

        void endPage() throws IOException {
            endParagraph();
            if (words > 0 && sure / words >= SURE_OF_PAGE) {
                Frame.of(Frame.Kind.PAGE, number).write(out);
                for (String each : paragraphs) {
                    Frame.of(Frame.Kind.PARAGRAPH, each).write(out);
                }
                empty = false;
            }
            paragraphs.clear();
            words = 0;
            sure = 0;
        }
    }
}
