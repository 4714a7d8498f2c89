/** Who you are. In development, a switch of who you are, which keeps the identities that were used before. */
import { Icon } from "./ui.js";
import { html, useState } from "./vendor/preact.js";

const KEY = "flowscript-identities";
const MAX_KEPT = 6;

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "[]").filter(({ name, groups }) => typeof name === "string" && Array.isArray(groups));
  } catch {
    return [];
  }
}

function keep(identity) {
  try {
    localStorage.setItem(KEY, JSON.stringify([identity, ...kept().filter(({ name }) => name !== identity.name)].slice(0, MAX_KEPT)));
  } catch {
    // It counts for this page.
  }
}

/** Loads the page again as somebody else. The server keeps the name in a cookie. */
function become(identity) {
  keep(identity);
  const url = new URL(location.href);
  url.searchParams.set("user", identity.name);
  url.searchParams.set("groups", identity.groups.join(","));
  location.replace(url);
}

function Switch({ api, t }) {
  const [name, setName] = useState("");
  const [groups, setGroups] = useState("");
  const others = kept().filter((each) => each.name !== api.identity?.name);
  const submit = (event) => {
    event.preventDefault();
    if (name.trim()) become({ name: name.trim(), groups: groups.split(/[\s,]+/).filter(Boolean) });
  };
  return html`
    ${others.length > 0 && html`<ul class="identities">${others.map((each) => html`<li key=${each.name}><button type="button" class="button plain" onClick=${() => become(each)}><span class="avatar" aria-hidden="true">${each.name[0]}</span>${each.name}<span class="muted cut">${each.groups.join(", ")}</span></button></li>`)}</ul>`}
    <form class="identity-form" onSubmit=${submit}>
      <div class="field"><label for="identity-name">${t("identity.name")}</label><input id="identity-name" class="input" autocomplete="off" value=${name} onInput=${(event) => setName(event.target.value)} /></div>
      <div class="field"><label for="identity-groups">${t("identity.groups")}</label><input id="identity-groups" class="input" autocomplete="off" value=${groups} onInput=${(event) => setGroups(event.target.value)} /></div>
      <button type="submit" class="button" disabled=${!name.trim()}>${t("identity.become")}</button>
      <p class="muted">${t("identity.development")}</p>
    </form>`;
}

export function Identity({ api, t }) {
  const { identity } = api;
  return html`<section class="identity">
    <div class="row"><span class="avatar" aria-hidden="true">${identity ? identity.name[0] : html`<${Icon} name="person" size="14" />`}</span>
      <div><strong>${identity?.name ?? t("identity.nobody")}</strong>${identity?.groups?.length > 0 && html`<div class="muted">${identity.groups.join(", ")}</div>`}</div></div>
    ${api.isDevelopment && html`<${Switch} api=${api} t=${t} />`}
  </section>`;
}
