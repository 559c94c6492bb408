package dev.tandem.knowledge.index;

/** The parts of {@code document@version#ordinal}. */
record ChunkId(String document, int version, int ordinal) {

    static ChunkId parse(String id) {
        int hash = id.lastIndexOf('#');
        int at = id.lastIndexOf('@', hash);
        return new ChunkId(
                id.substring(0, at),
                Integer.parseInt(id, at + 1, hash, 10),
                Integer.parseInt(id, hash + 1, id.length(), 10));
    }
}
