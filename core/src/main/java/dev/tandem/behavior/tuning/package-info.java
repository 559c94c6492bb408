/**
 * What is trained on frozen vectors, and what needs no training to be compared with it.
 *
 * <p>{@link dev.tandem.behavior.tuning.HeadTraining} makes a {@link dev.tandem.behavior.tuning.Head}: a linear layer over
 * a sentence encoder that stays as it is, so that a classifier takes seconds. Everything that has to be chosen, the
 * strength of the penalty, the temperature, the threshold below which to abstain, is chosen on predictions for training
 * examples that the head was not fitted on. {@link dev.tandem.behavior.tuning.NearestExamples} votes with labelled
 * neighbours, {@link dev.tandem.behavior.tuning.LabelNames} knows nothing but the names of the labels, and
 * {@link dev.tandem.behavior.tuning.Blend} weighs two of them.
 */
@NullMarked
package dev.tandem.behavior.tuning;

import org.jspecify.annotations.NullMarked;
