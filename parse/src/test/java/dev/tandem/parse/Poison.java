package dev.tandem.parse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.common.PDStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;

/** Files made to hurt who reads them. The same seed makes the same files. */
final class Poison {

    /** @param bytes made when asked for, as there are many */
    record Doc(String name, Maker bytes) {}

    interface Maker {
        byte[] make() throws IOException;
    }

    private static final String LAUGHS = "<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY a0 \"ha\">"
            + repeat(1, 12, i -> "<!ENTITY a" + i + " \"" + ("&a" + (i - 1) + ";").repeat(10) + "\">") + "]>";
    private static final String OUTSIDE =
            "<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">"
                    + "<!ENTITY y SYSTEM \"http://127.0.0.1:9/leak\">]>";
    private static final String WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

    /** Categories of files that are in order. */
    private static final Set<String> WHOLE = Set.of("normal", "nested", "active-content", "encoding-trap");

    private final List<Doc> docs = new ArrayList<>();
    private final Random random;

    private Poison(long seed) {
        this.random = new Random(seed);
    }

    /** Made from nothing, and real files cut short, damaged and called by the names of others. */
    static List<Doc> of(long seed, Documents real, int eachWay) {
        var poison = new Poison(seed);
        poison.made();
        poison.damaged(real, eachWay);
        return poison.docs;
    }

    private void made() {
        for (int megabytes : new int[] {30, 100, 300}) {
            add("bomb-" + megabytes + ".zip", () -> zip("zeros.txt", zeros(megabytes)));
            add("bomb-" + megabytes + ".gz", () -> gzip(megabytes));
            add(
                    "bomb-" + megabytes + ".docx",
                    () -> docx(out -> {
                        out.write(("<w:document xmlns:w=\"" + WORD + "\"><w:body><w:p><w:r><w:t>")
                                .getBytes(StandardCharsets.UTF_8));
                        zeros(megabytes).write(out);
                        out.write("</w:t></w:r></w:p></w:body></w:document>".getBytes(StandardCharsets.UTF_8));
                    }));
        }
        for (int depth : new int[] {2, 5, 9, 20, 60}) {
            add("nested-" + depth + ".zip", () -> nested(depth));
        }
        for (int depth : new int[] {50, 1_000, 30_000, 200_000}) {
            add("deep-" + depth + ".xml", () -> utf8("<a>".repeat(depth) + "deep" + "</a>".repeat(depth)));
            add(
                    "deep-" + depth + ".html",
                    () -> utf8("<html><body>" + "<div>".repeat(depth) + "deep" + "</div>".repeat(depth)));
            add("deep-" + depth + ".json", () -> utf8("[".repeat(depth) + "1" + "]".repeat(depth)));
            add(
                    "deep-" + depth + ".rtf",
                    () -> utf8("{\\rtf1 " + "{\\b ".repeat(depth) + "deep" + "}".repeat(depth) + "}"));
            add(
                    "deep-" + depth + ".docx",
                    () -> docx(out -> out.write(utf8("<w:document xmlns:w=\"" + WORD + "\"><w:body>"
                            + "<w:tbl><w:tr><w:tc>".repeat(depth) + "<w:p/>" + "</w:tc></w:tr></w:tbl>".repeat(depth)
                            + "</w:body></w:document>"))));
            add("multipart-" + depth + ".eml", () -> multipart(depth));
        }
        add("laughs.xml", () -> utf8(LAUGHS + "<l>&a12;</l>"));
        add("laughs.fodt", () -> utf8(LAUGHS + "<l>&a12;</l>"));
        add(
                "laughs.docx",
                () -> docx(out -> out.write(utf8(LAUGHS + "<w:document xmlns:w=\"" + WORD
                        + "\"><w:body><w:p><w:r><w:t>&a12;</w:t></w:r></w:p></w:body></w:document>"))));
        add("outside.xml", () -> utf8(OUTSIDE + "<r>before &x; &y; after</r>"));
        add(
                "outside.docx",
                () -> docx(out -> out.write(utf8(OUTSIDE + "<w:document xmlns:w=\"" + WORD
                        + "\"><w:body><w:p><w:r><w:t>before &x; after</w:t></w:r></w:p></w:body></w:document>"))));
        add("outside.svg.xml", () -> utf8(OUTSIDE + "<svg><text>&x;</text></svg>"));
        add("many.zip", () -> many(20_000));
        add("climbing.zip", () -> zip("../../../../tmp/tandem-climbed.txt", out -> out.write(utf8("climbed"))));
        add("many.mbox", () -> utf8("From a@b.c Thu Jan 01 00:00:00 2026\nSubject: s\n\nbody\n\n".repeat(15_000)));
        add("line.txt", () -> utf8("word ".repeat(2_000_000)));
        add("line.csv", () -> utf8("a,b,c,".repeat(300_000)));
        add("quote.csv", () -> utf8("a,b\n\"never closed,".repeat(20_000)));
        add("line.eml", () -> utf8("Subject: " + "x".repeat(3_000_000) + "\n\nbody"));
        add("headers.eml", () -> utf8("X-Header: y\n".repeat(200_000) + "\nbody"));
        add("letters.rtf", () -> utf8("{\\rtf1 " + "a\\par ".repeat(600_000) + "}"));
        add("cells.fods", () -> utf8("<table><tr>" + "<td>1</td>".repeat(200_000) + "</tr></table>"));
        add("unseen.txt", () -> utf8("\u200B\u2060\uFEFF\u00AD".repeat(100_000)));
        add(
                "unseen.docx",
                () -> docx(out -> out.write(utf8("<w:document xmlns:w=\"" + WORD + "\"><w:body><w:p><w:r><w:t>"
                        + "\u200B\u202E".repeat(50_000) + "</w:t></w:r></w:p></w:body></w:document>"))));
        add(
                "wide.xlsx",
                () -> xlsx(
                        "<row r=\"1\"><c r=\"XFD1048576\"><v>1</v></c></row><row r=\"1048576\"><c r=\"A1048576\"><v>2</v></c></row>"));
        add("tall.xlsx", () -> xlsx("<row><c t=\"inlineStr\"><is><t>x</t></is></c></row>".repeat(450_000)));
        add("empty.docx", () -> new byte[0]);
        add("nothing.zip", () -> zip("", out -> {}));
        add("claims.tar", () -> claims());
        add("locked.pdf", () -> pdf(3, "secret"));
        add("pages.pdf", () -> pdf(20_000, ""));
        add("written.pdf", () -> written(20_000));
        add("bomb.pdf", () -> bomb(400));
        add("html.docx", () -> utf8("<html><body><p>a page with another name</p></body></html>"));
    }

    private void damaged(Documents real, int eachWay) {
        var normal = real.entries().stream()
                .filter(each -> WHOLE.contains(each.category()))
                .map(Documents.Entry::file)
                .toList();
        for (String file : normal) {
            for (int i = 0; i < eachWay; i++) {
                double share = random.nextDouble();
                add("cut-" + i + "-" + file, () -> {
                    byte[] bytes = real.bytes(file);
                    return Arrays.copyOf(bytes, (int) (bytes.length * share));
                });
                long flips = random.nextLong();
                add("hurt-" + i + "-" + file, () -> {
                    byte[] bytes = real.bytes(file);
                    var where = new Random(flips);
                    for (int flip = 0; flip < 1 + bytes.length / 500; flip++) {
                        bytes[where.nextInt(bytes.length)] = (byte) where.nextInt(256);
                    }
                    return bytes;
                });
                String other = normal.get(random.nextInt(normal.size()));
                add("called-" + i + "-" + file + other.substring(other.lastIndexOf('.')), () -> real.bytes(file));
            }
        }
    }

    private void add(String name, Maker bytes) {
        docs.add(new Doc(name, bytes));
    }

    interface Filler {
        void write(OutputStream out) throws IOException;
    }

    private static Filler zeros(int megabytes) {
        return out -> {
            byte[] block = new byte[1_000_000];
            Arrays.fill(block, (byte) '0');
            for (int i = 0; i < megabytes; i++) {
                out.write(block);
            }
        };
    }

    private static byte[] zip(String name, Filler content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            if (!name.isEmpty()) {
                zip.putNextEntry(new ZipEntry(name));
                content.write(zip);
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] gzip(int megabytes) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            zeros(megabytes).write(gzip);
        }
        return bytes.toByteArray();
    }

    private static byte[] nested(int depth) throws IOException {
        byte[] inner = utf8("the innermost text");
        String name = "inner.txt";
        for (int i = 0; i < depth; i++) {
            byte[] content = inner;
            inner = zip(name, out -> out.write(content));
            name = "inner.zip";
        }
        return inner;
    }

    private static byte[] many(int entries) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < entries; i++) {
                zip.putNextEntry(new ZipEntry("f" + i + ".txt"));
                zip.write('x');
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] docx(Filler document) throws IOException {
        return office(
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
                "word/document.xml",
                document,
                "");
    }

    private static byte[] xlsx(String rows) throws IOException {
        return office(
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                "xl/workbook.xml",
                out -> out.write(
                        utf8(
                                "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"s\"/></sheets></workbook>")),
                "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>" + rows
                        + "</sheetData></worksheet>");
    }

    private static byte[] office(String type, String main, Filler content, String sheet) throws IOException {
        var bytes = new ByteArrayOutputStream();
        String relations = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";
        String kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
        try (var zip = new ZipOutputStream(bytes)) {
            entry(
                    zip,
                    "[Content_Types].xml",
                    out -> out.write(utf8(
                            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/"
                                    + main + "\" ContentType=\"" + type + "\"/>"
                                    + (sheet.isEmpty()
                                            ? ""
                                            : "<Override PartName=\"/xl/sheet1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>")
                                    + "</Types>")));
            entry(
                    zip,
                    "_rels/.rels",
                    out -> out.write(utf8(relations + "<Relationship Id=\"m\" Type=\"" + kind
                            + "officeDocument\" Target=\"" + main + "\"/></Relationships>")));
            entry(zip, main, content);
            if (!sheet.isEmpty()) {
                entry(
                        zip,
                        "xl/_rels/workbook.xml.rels",
                        out -> out.write(utf8(relations + "<Relationship Id=\"s\" Type=\"" + kind
                                + "worksheet\" Target=\"sheet1.xml\"/></Relationships>")));
                entry(zip, "xl/sheet1.xml", out -> out.write(utf8(sheet)));
            }
        }
        return bytes.toByteArray();
    }

    private static void entry(ZipOutputStream zip, String name, Filler content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        content.write(zip);
        zip.closeEntry();
    }

    private static byte[] multipart(int depth) {
        var mail = new StringBuilder("Subject: nested\nMIME-Version: 1.0\n");
        for (int i = 0; i < Math.min(depth, 30_000); i++) {
            mail.append("Content-Type: multipart/mixed; boundary=b")
                    .append(i)
                    .append("\n\n--b")
                    .append(i)
                    .append('\n');
        }
        return utf8(mail.append("Content-Type: text/plain\n\ndeep\n").toString());
    }

    private static byte[] claims() {
        byte[] tar = new byte[1024];
        byte[] name = utf8("huge.txt");
        System.arraycopy(name, 0, tar, 0, name.length);
        System.arraycopy(utf8("77777777777"), 0, tar, 124, 11);
        System.arraycopy(utf8("ustar"), 0, tar, 257, 5);
        return tar;
    }

    private static byte[] pdf(int pages, String password) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var document = new PDDocument()) {
            for (int i = 0; i < pages; i++) {
                document.addPage(new PDPage());
            }
            if (!password.isEmpty()) {
                document.protect(new StandardProtectionPolicy(password, password, new AccessPermission()));
            }
            document.save(bytes);
        }
        return bytes.toByteArray();
    }

    /** One page that unpacks to so many megabytes of drawing nothing. */
    static byte[] bomb(int megabytes) throws IOException {
        var bytes = new ByteArrayOutputStream();
        byte[] megabyte = utf8("q Q ".repeat(250_000));
        try (var document = new PDDocument()) {
            var page = new PDPage();
            var contents = new PDStream(document);
            try (OutputStream out = contents.createOutputStream(COSName.FLATE_DECODE)) {
                for (int i = 0; i < megabytes; i++) {
                    out.write(megabyte);
                }
            }
            page.setContents(contents);
            document.addPage(page);
            document.save(bytes);
        }
        return bytes.toByteArray();
    }

    /** A word for a number, of letters alone: a number in a line that comes again makes it a running title. */
    static String word(int number) {
        return Integer.toString(number)
                .chars()
                .collect(
                        StringBuilder::new,
                        (word, digit) -> word.append((char) (digit - '0' + 'k')),
                        StringBuilder::append)
                .toString();
    }

    /** Each page has a sentence of its own. */
    private static byte[] written(int pages) {
        var pdf = new StringBuilder("%PDF-1.4\n");
        var places = new ArrayList<Integer>();
        Consumer<String> object = body -> {
            places.add(pdf.length());
            pdf.append(places.size()).append(" 0 obj\n").append(body).append("\nendobj\n");
        };
        object.accept("<</Type/Catalog/Pages 2 0 R>>");
        object.accept("<</Type/Pages/Count " + pages + "/Kids[" + repeat(0, pages - 1, page -> (4 + 2 * page) + " 0 R ")
                + "]>>");
        object.accept("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>");
        for (int page = 1; page <= pages; page++) {
            String text = "BT /F 12 Tf 72 700 Td (The pier of " + word(page) + " has a ferry.) Tj ET";
            object.accept("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents "
                    + (places.size() + 2) + " 0 R>>");
            object.accept("<</Length " + text.length() + ">>stream\n" + text + "\nendstream");
        }
        int table = pdf.length();
        pdf.append("xref\n0 ").append(places.size() + 1).append("\n0000000000 65535 f \n");
        places.forEach(place -> pdf.append("%010d 00000 n \n".formatted(place)));
        pdf.append("trailer\n<</Root 1 0 R/Size ")
                .append(places.size() + 1)
                .append(">>\nstartxref\n")
                .append(table)
                .append("\n%%EOF\n");
        return utf8(pdf.toString());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String repeat(int from, int to, java.util.function.IntFunction<String> part) {
        var all = new StringBuilder();
        for (int i = from; i <= to; i++) {
            all.append(part.apply(i));
        }
        return all.toString();
    }
}
