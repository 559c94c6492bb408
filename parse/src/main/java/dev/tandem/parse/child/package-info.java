/**
 * What runs in the child process, on a class path of its own: Apache Tika and nothing of Tandem but this package. {@link
 * dev.tandem.parse.child.Child} takes one file after the other from standard input and answers with {@link
 * dev.tandem.parse.child.Frame}s. Whatever goes wrong here ends this process at worst; the parent has set the limits and
 * starts another.
 */
@NullMarked
package dev.tandem.parse.child;

import org.jspecify.annotations.NullMarked;
