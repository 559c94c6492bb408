package dev.tandem.knowledge.extract;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the formats that this package does not: office documents, mail, books, archives. Safe for several threads. */
public interface OtherFormats {

    /** The metadata that says how many files in a file were not read. */
    String UNREADABLE_PARTS = "unreadable parts";

    /** Whether files of that extension (lower case, without the dot) are read here even though they are made of text. */
    boolean readsText(String extension);

    /**
     * Hands over a file's text block by block.
     *
     * @param path only its last part is looked at
     * @throws dev.tandem.domain.Failure with the reason, for what cannot be read
     */
    Told read(String path, byte[] bytes, Consumer<Piece> out);

    /** Whether {@link #readPages} may be asked; else the pages of a PDF are read in this process. */
    default boolean readsPages() {
        return false;
    }

    /**
     * Hands over the text of a PDF's pages, as {@link PdfText} does.
     *
     * @param path only its last part is looked at
     * @throws NoTextLayer where its pages show none
     * @throws dev.tandem.domain.Failure with the reason, for what cannot be read
     */
    default Told readPages(String path, byte[] bytes, Consumer<Piece> out) {
        throw NotRead.failure(FileName.extension(path));
    }

    /** Whether {@link #recognise} may be asked. */
    default boolean recognises() {
        return false;
    }

    /**
     * Hands over the text that a picture shows, or the pages of a PDF, with their numbers.
     *
     * @param path only its last part is looked at
     * @throws dev.tandem.domain.Failure with the reason, where there is none
     */
    default Told recognise(String path, byte[] bytes, Consumer<Piece> out) {
        throw NotRead.failure(FileName.extension(path));
    }

    /** Whether a file of that name holds files that {@link #unpack} hands over. */
    default boolean unpacks(String path) {
        return false;
    }

    /**
     * Hands over the files in an archive, one after the other.
     *
     * @param path only its last part is looked at
     * @throws dev.tandem.domain.Failure with the reason, where it cannot be unpacked, or not to its end
     */
    default void unpack(String path, byte[] bytes, Consumer<Member> out) {
        throw NotRead.failure(FileName.extension(path));
    }

    /** A file in an archive. */
    final class Member {

        private final String name;
        private final byte[] bytes;

        /** @param name with its folders, parted by slashes; unique in the archive */
        public Member(String name, byte[] bytes) {
            this.name = name;
            this.bytes = bytes;
        }

        public String name() {
            return name;
        }

        /** All of them; shared, not to be written to. */
        public byte[] bytes() {
            return bytes;
        }
    }

    /** Reads none: what is no text is refused by the name of its format. */
    OtherFormats NONE = new OtherFormats() {
        @Override
        public boolean readsText(String extension) {
            return false;
        }

        @Override
        public Told read(String path, byte[] bytes, Consumer<Piece> out) {
            throw NotRead.failure(FileName.extension(path));
        }
    };

    /**
     * What a document says of itself.
     *
     * @param metadata keys are lower case
     * @param hidden characters that were left out because the document does not show them
     */
    record Told(
            @Nullable String title,
            SortedMap<String, String> metadata,
            @Nullable Instant modified,
            long hidden) {
        public Told {
            metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
        }
    }
}
