/** Cancels an execution, after a question. */
import { toast } from "./toasts.js";
import { Confirm, explain } from "./ui.js";
import { html, useState } from "./vendor/preact.js";

/** `done` is called when the execution was cancelled, or has ended before. */
export function CancelDialog({ id, close, done, api, t }) {
  const [reason, setReason] = useState("");
  const [isBusy, setBusy] = useState(false);
  const confirm = () => {
    setBusy(true);
    api.cancel(id, reason.trim() || undefined).then(
      ({ status }) => {
        toast({ kind: "ok", title: status === "cancelled" ? t("executions.cancelled", { id }) : t("executions.lineStatus", { id, status: t(`status.${status}`) }) });
        done?.();
        close();
      },
      (error) => {
        toast({ kind: "problem", title: t("executions.cancelTitle"), text: explain(error, t) });
        close();
      },
    );
  };
  return html`<${Confirm} title=${t("executions.cancelTitle")} yes=${t("executions.cancelYes")} no=${t("executions.cancelNo")} isBusy=${isBusy} confirm=${confirm} close=${close} t=${t}>
    <p>${t("executions.cancelText", { id })}</p>
    <div class="field"><label for="cancel-reason">${t("executions.cancelReason")}</label><input id="cancel-reason" class="input" maxlength="1000" autocomplete="off" value=${reason} onInput=${(event) => setReason(event.target.value)} /></div>
  </${Confirm}>`;
}
