package dev.tandem.app.cli;

/** Says a last word when Ctrl-C or a signal ends the program in the middle of something. */
final class Interrupted implements AutoCloseable {

    private final Thread hook;

    private Interrupted(Thread hook) {
        this.hook = hook;
    }

    static Interrupted saying(Terminal terminal, String lastWord) {
        var hook = new Thread(() -> {
            terminal.err.println((terminal.live ? "\r\u001b[K" : "") + lastWord);
            terminal.err.flush();
        });
        Runtime.getRuntime().addShutdownHook(hook);
        return new Interrupted(hook);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyGoing) {
            // the program is being ended: the hook has its say
        }
    }
}
