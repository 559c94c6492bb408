package dev.tandem.catalog;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/**
 * What one tenant used of language models, call by call, in a small database of its own: it is written while questions
 * are answered, by any number of processes, which the catalog is not. Money is in millionths of a US dollar.
 *
 * <p>A call is first set aside at the most it can cost and booked at its real cost afterwards, so that calls at the same
 * time cannot spend the same money twice. A call whose process died stays booked at the most: nobody can know better.
 */
public final class Usage {

    private static final List<String> SCHEMA = List.of(
            "CREATE TABLE IF NOT EXISTS call (id INTEGER PRIMARY KEY, month TEXT NOT NULL, model TEXT NOT NULL,"
                    + " prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL, micro_usd INTEGER NOT NULL)",
            "CREATE INDEX IF NOT EXISTS call_month ON call (month)");

    private final SideFile file;

    private Usage(SideFile file) {
        this.file = file;
    }

    /** Of this calendar month (UTC). */
    public record Month(long calls, long promptTokens, long completionTokens, long microUsd) {}

    /** Of the asker's tenant. Touches no disk before the first call. */
    public static Usage of(Home home, Principal asker) {
        return of(home, asker.tenant());
    }

    public static Usage of(Home home, String tenant) {
        return new Usage(file(home, tenant));
    }

    static SideFile file(Home home, String tenant) {
        return new SideFile(home, home.usage(tenant), SCHEMA);
    }

    /**
     * Sets money aside for a call that is about to be made.
     *
     * @param budgetMicroUsd most for the month; {@link Long#MAX_VALUE} for no limit
     * @return the call's number
     * @throws Failure DENIED where that is more than is left
     */
    public long reserve(String model, long microUsd, long budgetMicroUsd) {
        return file.use(sql -> sql.inTransaction(() -> {
            long spent = month(sql).microUsd();
            if (microUsd > budgetMicroUsd - spent) {
                throw new Failure(
                        Failure.Kind.DENIED,
                        "The budget of this month does not reach: of " + dollars(budgetMicroUsd) + " "
                                + dollars(spent) + " are spent or set aside, and this question may cost up to "
                                + dollars(microUsd) + ".",
                        "Raise it with tandem config set budget-usd USD, wait for next month, or answer without a"
                                + " language model: tandem config set model \"\".");
            }
            sql.update(
                    "INSERT INTO call (month, model, prompt_tokens, completion_tokens, micro_usd) VALUES (?, ?, 0, 0, ?)",
                    thisMonth(),
                    model,
                    microUsd);
            return sql.number("SELECT last_insert_rowid()");
        }));
    }

    /** Books what the call really used. */
    public void settle(long call, String model, long promptTokens, long completionTokens, long microUsd) {
        file.use(sql -> sql.update(
                "UPDATE call SET model = ?, prompt_tokens = ?, completion_tokens = ?, micro_usd = ? WHERE id = ?",
                model,
                promptTokens,
                completionTokens,
                microUsd,
                call));
    }

    /** The call came to nothing, and cost nothing. */
    public void release(long call) {
        file.use(sql -> sql.update("DELETE FROM call WHERE id = ?", call));
    }

    public Month month() {
        return file.exists() ? file.use(Usage::month) : new Month(0, 0, 0, 0);
    }

    /**
     * What one model was used for in one month, {@code 2026-11}.
     *
     * @param withoutPrice calls that used tokens and were booked at nothing
     */
    public record OfModel(String month, String model, Month used, long withoutPrice) {}

    /** All that was ever used, newest month first, then the dearest model. */
    public List<OfModel> all() {
        return !file.exists()
                ? List.of()
                : file.use(sql -> sql.all(
                        """
                        SELECT month, model, count(*), sum(prompt_tokens), sum(completion_tokens), sum(micro_usd),
                            sum(micro_usd = 0 AND prompt_tokens + completion_tokens > 0)
                        FROM call GROUP BY month, model ORDER BY month DESC, sum(micro_usd) DESC, model""",
                        row -> new OfModel(
                                row.getString(1),
                                row.getString(2),
                                new Month(row.getLong(3), row.getLong(4), row.getLong(5), row.getLong(6)),
                                row.getLong(7))));
    }

    private static Month month(Sql sql) {
        return sql.first(
                        "SELECT count(*), sum(prompt_tokens), sum(completion_tokens), sum(micro_usd) FROM call"
                                + " WHERE month = ?",
                        row -> new Month(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4)),
                        thisMonth())
                .orElseThrow();
    }

    private static String thisMonth() {
        return LocalDate.now(ZoneOffset.UTC).toString().substring(0, 7);
    }

    /** {@code $0.0021}. */
    public static String dollars(long microUsd) {
        BigDecimal exact = BigDecimal.valueOf(microUsd, 6).stripTrailingZeros();
        return "$" + (exact.scale() < 2 ? exact.setScale(2) : exact).toPlainString();
    }
}
