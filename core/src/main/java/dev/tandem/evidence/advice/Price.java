package dev.tandem.evidence.advice;

/**
 * One figure of the prices file, published and directional.
 *
 * @param key such as {@code rag.setup.start}
 * @param low as the file has it: a number, or a word such as {@code days} where the unit is {@code time}
 * @param high likewise, with a {@code +} behind it where the source says "or more"
 * @param tier whose figure it is, or {@code all}
 * @param source guide and line, or what the user wrote
 * @param date of the source
 */
record Price(String key, String low, String high, String unit, String tier, String source, String date, String what) {

    boolean isTime() {
        return unit.equals("time");
    }

    /** {@code hours–days}, {@code 2–6 weeks}. */
    String time() {
        String lowUnit = low.substring(low.lastIndexOf(' ') + 1);
        return low.contains(" ") && high.endsWith(lowUnit)
                ? low.substring(0, low.lastIndexOf(' ')) + "–" + high
                : low + "–" + high;
    }
}
