package io.flowscript.http;

import io.flowscript.core.bridge.AccessPolicy.Action;
import io.flowscript.core.engine.FlowScript;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.json.Value;
import io.flowscript.events.links.AnswerLinks;
import io.flowscript.events.links.OpenedLink;
import io.flowscript.json.protocol.ErrorCode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Questions that are seen and answered by a link, over REST. The link says who that is; the access policy is asked about them all the same, so that
 * who may not answer any more does not by an old link either. Safe for use by any thread.
 */
final class LinksResource {

    private final FlowScript flows;
    private final AnswerLinks links;
    private final Rights rights;
    private final InteractionView view;
    private final ReceiptResponses receipts;

    LinksResource(FlowScript flows, AnswerLinks links, Rights rights, InteractionView view, ReceiptResponses receipts) {
        this.flows = flows;
        this.links = links;
        this.rights = rights;
        this.view = view;
        this.receipts = receipts;
    }

    /** Only shows, whatever the link is for: programs open the links in mails. */
    RestResponse show(RestRequest call) {
        OpenedLink opened = open(call, Action.VIEW);
        Interaction asked = opened.interaction();
        Map<String, @Nullable Object> body = RestResponse.fields(
                "as",
                opened.link().as().name(),
                "until",
                InteractionView.iso(opened.link().until()),
                "status",
                InteractionView.status(asked),
                "closedAt",
                InteractionView.iso(asked.closedAt()));
        if (asked.isOpen()) {
            view.shown(asked, body);
            body.putAll(RestResponse.fields("claim", InteractionView.claim(asked)));
            Value only = opened.link().only();
            if (only != null) {
                body.put("only", only.raw());
            }
        }
        return RestResponse.ok(body);
    }

    RestResponse answer(RestRequest call) {
        OpenedLink opened = open(call, Action.ANSWER);
        Value only = opened.link().only();
        Object data = only == null || call.body().containsKey("data") ? call.data() : only.raw();
        return receipts.of(null, links.answer(flows, call.id(), data, call.text("seen")), "link");
    }

    private OpenedLink open(RestRequest call, Action action) {
        OpenedLink opened = links.open(flows, call.id());
        if (!rights.permits(opened.link().as(), action, opened.interaction())) {
            throw Refusal.of(ErrorCode.FORBIDDEN, "The person of this link may not do this, or not any more");
        }
        return opened;
    }
}
