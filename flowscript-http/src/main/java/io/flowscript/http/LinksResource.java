package io.flowscript.http;

import io.flowscript.core.json.Value;
import io.flowscript.events.links.AnswerLinks;
import io.flowscript.events.links.OpenedLink;
import io.flowscript.events.operations.Operations;
import io.flowscript.json.protocol.ResourceView;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answer links over REST: shows and answers an interaction through a link. The link identifies the person. The access
 * policy is still checked, so that an old link does not let a person answer who no longer may. Safe for use by any
 * thread.
 */
final class LinksResource {

    private final Operations operations;
    private final AnswerLinks links;
    private final ResourceView view;

    LinksResource(Operations operations, AnswerLinks links, ResourceView view) {
        this.operations = operations;
        this.links = links;
        this.view = view;
    }

    /** Shows the interaction and never answers it, because programs open the links in mails automatically. */
    RestResponse show(RestRequest call) {
        OpenedLink opened = operations.openLink(links, call.id());
        Map<String, @Nullable Object> body = RestResponse.fields(
                "as",
                opened.link().as().name(),
                "until",
                ResourceView.time(opened.link().until()));
        body.putAll(view.linkedInteraction(
                opened.interaction(), operations.redaction(opened.link().as(), opened.interaction())));
        Value only = opened.link().only();
        if (only != null && opened.interaction().isOpen()) {
            body.put("only", only.raw());
        }
        return RestResponse.ok(body);
    }

    RestResponse answer(RestRequest call) {
        Value answer = call.body().containsKey("data") ? Value.of(call.data()) : null;
        return InteractionsResource.accepted(null, operations.answerLink(links, call.id(), answer, call.text("seen")));
    }
}
