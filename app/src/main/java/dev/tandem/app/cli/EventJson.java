package dev.tandem.app.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.domain.HiddenText;
import dev.tandem.knowledge.ingest.Event;
import dev.tandem.knowledge.ingest.Summary;
import java.util.Locale;

/** What happens during an ingest as programs follow it: one object a line, {@code "event"} first. */
final class EventJson {

    private EventJson() {}

    static ObjectNode of(Event event) {
        ObjectNode json = Json.object();
        switch (event) {
            case Event.Scanned it ->
                json.put("event", "scanned").put("files", it.files()).put("bytes", it.bytes());
            case Event.Acknowledged it ->
                document(json, "acknowledged", it.document(), it.path()).put("version", it.version());
            case Event.Added it ->
                document(json, "added", it.document(), it.path()).put("chunks", it.chunks());
            case Event.Changed it ->
                document(json, "changed", it.document(), it.path())
                        .put("version", it.version())
                        .put("chunks", it.chunks());
            case Event.Renamed it ->
                document(json, "renamed", it.document(), it.path()).put("from", it.from());
            case Event.Deleted it -> document(json, "deleted", it.document(), it.path());
            case Event.Unchanged it -> document(json, "unchanged", it.document(), it.path());
            case Event.AccessChanged it -> document(json, "access", it.document(), it.path());
            case Event.Hid it -> {
                document(json, "hidden", it.document(), it.path());
                json.set("characters", characters(it.hidden()));
            }
            case Event.Failed it ->
                json.put("event", "failed")
                        .put("path", it.path())
                        .put("reason", it.reason())
                        .put("next", it.nextStep());
            case Event.Indexed it ->
                json.put("event", "indexed").put("collection", it.collection()).put("documents", it.documents());
            case Event.Embedded it ->
                json.put("event", "embedded")
                        .put("collection", it.collection())
                        .put("chunks", it.chunks())
                        .put("reused", it.reused())
                        .put("tokens", it.tokens());
            case Event.Switched it ->
                json.put("event", "switched")
                        .put("collection", it.collection())
                        .put("from", it.from())
                        .put("to", it.to());
            case Event.Progress it -> {
                json.put("event", "progress");
                json.put("work", it.work().name().toLowerCase(Locale.ROOT));
                json.put("done", it.done());
                json.put("total", it.total());
                json.put("per_second", Math.round(it.perSecond()));
                json.put("tokens_per_second", Math.round(it.tokensPerSecond()));
                if (it.left() == null) {
                    json.putNull("seconds_left");
                } else {
                    json.put("seconds_left", it.left().toSeconds());
                }
            }
            case Event.Watching it ->
                json.put("event", "watching").put("files", it.files()).put("folders", it.folders());
            case Event.Waiting it -> json.put("event", "waiting").put("reason", it.reason());
            case Event.Done it -> done(json, it.summary());
        }
        return json;
    }

    private static ObjectNode document(ObjectNode json, String event, String document, String path) {
        return json.put("event", event).put("document", document).put("path", path);
    }

    /** Characters by kind; nothing where there were none. */
    static ObjectNode characters(HiddenText hidden) {
        ObjectNode json = Json.object();
        hidden.characters().forEach((kind, count) -> json.put(kind.word(), count));
        return json;
    }

    private static void done(ObjectNode json, Summary sum) {
        json.put("event", "done");
        json.put("added", sum.added());
        json.put("changed", sum.changed());
        json.put("renamed", sum.renamed());
        json.put("deleted", sum.deleted());
        json.put("unchanged", sum.unchanged());
        json.put("access_changed", sum.accessChanged());
        json.put("failed", sum.failed());
        json.put("hidden", sum.hidden());
        json.put("hidden_characters", sum.hiddenCharacters());
        json.put("resumed", sum.resumed());
        json.put("chunks", sum.chunks());
        json.put("bytes", sum.bytes());
        json.put("embedded", sum.embedded());
        json.put("reused", sum.reused());
        json.put("tokens", sum.tokens());
        json.put("seconds", Json.rounded(sum.elapsed().toNanos() / 1e9));
        json.put("embedding_seconds", Json.rounded(sum.embedding().toNanos() / 1e9));
    }
}
