package dev.tandem.behavior.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.domain.Example;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Part;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImporterTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"text,label", "input,output", "question,answer", "Text,LABEL"})
    void jsonLinesAreReadByTheUsualNames(String input, String output) throws Exception {
        Path file = write(
                "a.jsonl",
                "{\"id\": 7, \"%s\": \"Where?\", \"%s\": \"place\", \"family\": \"f\"}\n".formatted(input, output));

        Imported imported = Importer.read(file);

        assertThat(imported.format()).isEqualTo("jsonl");
        assertThat(imported.files()).containsExactly("a.jsonl");
        assertThat(imported.rejected()).isEmpty();
        assertThat(imported.placed()).isEmpty();
        assertThat(imported.examples()).containsExactly(new Example("Where?", "place", "f", Part.TRAIN, 1));
    }

    @Test
    void labelsAreKeptAsTheyStand() throws Exception {
        Path file = write("a.jsonl", """
                {"text": " Where? ", "label": " Place"}
                {"text": "When?", "label": 3}
                """);
        assertThat(Importer.read(file).examples())
                .extracting(Example::input, Example::output)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(" Where? ", " Place"),
                        org.assertj.core.groups.Tuple.tuple("When?", "3"));
    }

    @Test
    void aPartThatTheFileSaysIsKept() throws Exception {
        Path file = write("a.csv", "text,label,split\nA one,x,dev\nA two,x,\nA three,y,Test\nA four,y,later\n");

        Imported imported = Importer.read(file);

        assertThat(imported.placed()).containsExactlyInAnyOrder(0, 2);
        assertThat(imported.examples())
                .extracting(Example::part)
                .containsExactly(Part.VALIDATION, Part.TRAIN, Part.TEST);
        assertThat(imported.rejected())
                .containsExactly(new Rejected("a.csv", 5, "'later' is not train, validation or test"));
    }

    @Test
    void csvHasQuotesAndLineBreaksInsideThem() throws Exception {
        Path file =
                write("a.csv", "label,text,group\r\nx,\"One, \"\"two\"\"\r\nthree\",g\r\n\r\ny,5\" pipe,\r\nz,last,");

        Imported imported = Importer.read(file);

        assertThat(imported.format()).isEqualTo("csv");
        assertThat(imported.rejected()).isEmpty();
        assertThat(imported.examples())
                .containsExactly(
                        new Example("One, \"two\"\r\nthree", "x", "g", Part.TRAIN, 2),
                        new Example("5\" pipe", "y", "", Part.TRAIN, 5),
                        new Example("last", "z", "", Part.TRAIN, 6));
    }

    @Test
    void aQuoteThatIsNeverClosedSpoilsItsOwnRowOnly() throws Exception {
        Path file = write("a.csv", "text,label\n\"open,x\nfine,y\n\"closed\" early,z\nmore,commas,here\nlast,w\n");

        Imported imported = Importer.read(file);

        assertThat(imported.examples()).extracting(Example::input).containsExactly("fine", "last");
        assertThat(imported.rejected()).extracting(Rejected::line).containsExactly(2, 4, 5);
        assertThat(imported.rejected().getLast().reason()).contains("3 columns where the header has 2");
    }

    @Test
    void tabsAndSemicolonsDivideAsWell() throws Exception {
        assertThat(Importer.read(write("a.tsv", "text\tlabel\nOne, two\tx\n")))
                .returns("tsv", Imported::format)
                .returns("One, two", read -> read.examples().getFirst().input());
        assertThat(Importer.read(write("b.csv", "text;label\nOne, two;x\n")).examples())
                .containsExactly(new Example("One, two", "x", "", Part.TRAIN, 2));
    }

    @Test
    void promptsAndCompletions() throws Exception {
        assertThat(Importer.read(write("a.jsonl", "{\"prompt\": \"Sort: hi\", \"completion\": \" greeting\"}\n")))
                .returns("prompt-completion", Imported::format)
                .returns(" greeting", read -> read.examples().getFirst().output());
    }

    @Test
    void conversationsKeepTheSystemMessageAndEndWithTheAnswer() throws Exception {
        Path file = write("a.jsonl", """
                {"messages": [{"role": "user", "content": "Where?"}, {"role": "assistant", "content": "here"}]}
                {"messages": [{"role": "system", "content": "Sort."}, {"role": "user", "content": [{"type": "text", "text": "When?"}]}, {"role": "assistant", "content": "now"}]}
                {"messages": [{"role": "user", "content": "A"}, {"role": "assistant", "content": "B"}, {"role": "user", "content": "C"}, {"role": "assistant", "content": "D"}]}
                {"messages": [{"role": "user", "content": "unanswered"}]}
                {"messages": [{"role": "tool", "content": "x"}, {"role": "assistant", "content": "y"}]}
                {"messages": [{"role": "user", "content": [{"type": "image_url"}]}, {"role": "assistant", "content": "y"}]}
                """);

        Imported imported = Importer.read(file);

        assertThat(imported.format()).isEqualTo("chat");
        assertThat(imported.examples())
                .containsExactly(
                        new Example("Where?", "here", "", Part.TRAIN, 1),
                        new Example("system: Sort.\n\nuser: When?", "now", "", Part.TRAIN, 2),
                        new Example("user: A\n\nassistant: B\n\nuser: C", "D", "", Part.TRAIN, 3));
        assertThat(imported.rejected()).extracting(Rejected::line).containsExactly(4, 5, 6);
    }

    @Test
    void everyRowThatIsNoExampleIsNamedWithItsReason() throws Exception {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF});
        bytes.writeBytes("{\"text\": \"fine\", \"label\": \"x\"}\n".getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes("{\"text\": \"caf".getBytes(StandardCharsets.UTF_8));
        bytes.write(0xE9);
        bytes.writeBytes("\", \"label\": \"x\"}\n".getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes("""
                {"text": "no label"}
                {"text": "  ", "label": "x"}
                {"text": "blank", "label": ""}
                {"text": "cut off", "lab

                [1, 2]
                {"text": ["a"], "label": "x"}
                {"text": null, "label": "x"}
                {"text": "half \\ud83d", "label": "x"}
                """.getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(("{\"label\": \"x\", \"text\": \"" + "a".repeat(Lines.LONGEST) + "\"}\n")
                .getBytes(StandardCharsets.UTF_8));
        Path file = Files.write(folder.resolve("a.jsonl"), bytes.toByteArray());

        Imported imported = Importer.read(file);

        assertThat(imported.examples()).containsExactly(new Example("fine", "x", "", Part.TRAIN, 1));
        assertThat(imported.rejected())
                .extracting(row -> row.line() + " " + row.reason())
                .containsExactly(
                        "2 not UTF-8",
                        "3 no \"label\"",
                        "4 the input is blank",
                        "5 the label or output is blank",
                        "6 broken JSON at column 25",
                        "8 not a JSON object",
                        "9 \"text\" is not a text",
                        "10 no \"text\"",
                        "11 half of a surrogate pair, which is no character",
                        "12 longer than 1,000,000 characters");
    }

    @Test
    void aGzippedFileIsKnownByItsBytes() throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write("text,label\nOne,x\n".getBytes(StandardCharsets.UTF_8));
        }
        Path file = Files.write(folder.resolve("packed"), bytes.toByteArray());
        assertThat(Importer.read(file).examples()).hasSize(1);

        Files.write(file, Arrays.copyOf(bytes.toByteArray(), bytes.size() - 10));
        assertThatThrownBy(() -> Importer.read(file)).hasMessageContaining("gzipped, but broken");
    }

    @Test
    void namedColumnsAreTaken() throws Exception {
        Path csv = write("a.csv", "text,body,kind,label\nno,yes,k,no\n");
        assertThat(Importer.read(List.of(csv), new Columns("body", "kind")).examples())
                .containsExactly(new Example("yes", "k", "", Part.TRAIN, 2));
        Path json = write("a.jsonl", "{\"body\": \"yes\", \"kind\": \"k\", \"label\": \"no\"}\n");
        assertThat(Importer.read(List.of(json), new Columns("body", "kind")).examples())
                .containsExactly(new Example("yes", "k", "", Part.TRAIN, 1));
    }

    @Test
    void aColumnThatIsNotThereIsAnsweredWithTheNearOne() throws Exception {
        for (Path file : List.of(
                write("a.csv", "utterance,intent\nHi,greeting\n"),
                write("a.jsonl", "{\"utterance\": \"Hi\", \"intent\": \"greeting\"}\n"))) {
            assertThatThrownBy(() -> Importer.read(List.of(file), new Columns("utterence", "intent")))
                    .isInstanceOfSatisfying(Failure.class, failure -> {
                        assertThat(failure.kind()).isEqualTo(Failure.Kind.INVALID);
                        assertThat(failure).hasMessageContaining("no column 'utterence'");
                        assertThat(failure.nextStep()).contains("Did you mean --text 'utterance'?");
                    });
            assertThatThrownBy(() -> Importer.read(file))
                    .isInstanceOfSatisfying(
                            Failure.class,
                            failure -> assertThat(failure.nextStep()).contains("--text COLUMN", "utterance, intent"));
        }
    }

    @Test
    void whatIsNoFileOfExamplesIsRefused() throws Exception {
        refused(write("empty.jsonl", ""), Failure.Kind.INVALID, "is empty");
        refused(write("blank.csv", " \n\n"), Failure.Kind.INVALID, "is empty");
        refused(write("header.csv", "text,label\n"), Failure.Kind.INVALID, "nothing below its header");
        refused(write("binary", "PK\u0003\u0004\u0000\u0000"), Failure.Kind.INVALID, "is binary");
        refused(folder, Failure.Kind.INVALID, "is a folder");
        refused(folder.resolve("nowhere.csv"), Failure.Kind.MISSING, "There is no file");
        refused(write("broken.jsonl", "{\"text\": \n[]\n"), Failure.Kind.INVALID, "line 1: broken JSON");
        refused(
                Files.write(folder.resolve("utf16.csv"), "\uFEFFtext,label\n".getBytes(StandardCharsets.UTF_16LE)),
                Failure.Kind.INVALID,
                "is UTF-16");
    }

    @Test
    void severalFilesFollowEachOther() throws Exception {
        Path one = write("a.csv", "text,label,part\nOne,x,test\n");
        Path two =
                write("b.jsonl", "{\"text\": \"Two\", \"label\": \"x\", \"part\": \"test\"}\n{\"text\": \"Three\"}\n");

        Imported imported = Importer.read(List.of(one, two));

        assertThat(imported.format()).isEqualTo("mixed");
        assertThat(imported.files()).containsExactly("a.csv", "b.jsonl");
        assertThat(imported.examples()).extracting(Example::input).containsExactly("One", "Two");
        assertThat(imported.placed()).containsExactlyInAnyOrder(0, 1);
        assertThat(imported.rejected()).containsExactly(new Rejected("b.jsonl", 2, "no \"label\""));
    }

    private static void refused(Path file, Failure.Kind kind, String message) {
        assertThatThrownBy(() -> Importer.read(file)).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).as(message).isEqualTo(kind);
            assertThat(failure).hasMessageContaining(message);
            assertThat(failure.nextStep()).isNotBlank();
        });
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
