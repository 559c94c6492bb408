/** Benchmarks that anybody can run; each prints what docs/benchmarks.md records. */
@NullMarked
package dev.tandem.bench;

import org.jspecify.annotations.NullMarked;
