package dev.tandem.parse;

/** A child that does what a file's name says; in a process of its own, in place of the real one. */
final class Misbehaving {

    private static final int PARAGRAPH = 2;
    private static final int DONE = 12;

    private Misbehaving() {}

    public static void main(String[] args) throws Exception {
        var in = new java.io.DataInputStream(System.in);
        var out = new java.io.DataOutputStream(System.out);
        while (true) {
            say(out, 0);
            in.readUnsignedByte();
            String name = in.readUTF();
            in.skipNBytes(in.readLong());
            switch (name) {
                case "hang.doc" -> Thread.sleep(600_000);
                case "exit.doc" -> Runtime.getRuntime().halt(9);
                case "memory.doc" -> {
                    byte[][] all = new byte[1_000][];
                    for (int i = 0; i < all.length; i++) {
                        all[i] = new byte[1 << 20];
                    }
                    out.write(all[0]);
                }
                case "space.doc" -> {
                    try (var file = java.nio.file.Files.newOutputStream(java.nio.file.Path.of(args[1], "big"))) {
                        for (int i = 0; i < 100; i++) {
                            file.write(new byte[1_000_000]);
                            file.flush();
                        }
                        Thread.sleep(600_000);
                    }
                }
                case "nonsense.doc" -> {
                    out.writeBytes("this is no frame at all, whatever it is");
                    out.flush();
                    Thread.sleep(600_000);
                }
                case "flood.doc" -> {
                    while (true) {
                        say(out, PARAGRAPH, "x".repeat(100_000));
                    }
                }
                default -> {
                    say(out, PARAGRAPH, "read " + name);
                    say(out, DONE);
                }
            }
        }
    }

    private static void say(java.io.DataOutputStream out, int kind, String... texts) throws java.io.IOException {
        out.writeByte(kind);
        out.writeLong(0);
        out.writeInt(texts.length);
        for (String text : texts) {
            byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            out.writeInt(bytes.length);
            out.write(bytes);
        }
        out.flush();
    }
}
