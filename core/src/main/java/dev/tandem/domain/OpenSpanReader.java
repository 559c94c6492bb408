package dev.tandem.domain;

/** A reader that holds memory until it is closed. */
public interface OpenSpanReader extends SpanReader, AutoCloseable {
    @Override
    void close();
}
