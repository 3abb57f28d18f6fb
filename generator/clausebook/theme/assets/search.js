/* Clausebook: the box in which a reader searches.  It is made, and the index loaded, when it is
   first opened; until then a page has only this file.  Without scripts its link leads to an index. */
(() => {
  "use strict";
  if (!("HTMLDialogElement" in window)) return; // an old browser keeps the link
  const ROOT = new URL("../", document.currentScript.src);
  const PARTS = ["minisearch.js", "search-engine.js", "search-index.js"];
  const AT_FIRST = 20;
  const SLASH = "clausebook-slash";
  const HEADINGS = {
    direct: "Go to clause",
    clauses: "Clauses",
    people: "People",
    channels: "Official channels",
    pages: "Pages",
  };
  const HINT =
    "Type a word, a role, a clause’s number such as 4.2(a), or its ID such as sm-17. Enter opens the first result.";

  let box = null;
  let find = null;
  let loading = null;
  let isWaiting = false;

  /** An element with attributes and children; text is only ever text. */
  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  /* A browser may keep nothing, as from a disk: a choice then holds for one page. */
  let slash = true;
  try {
    slash = localStorage.getItem(SLASH) !== "off";
  } catch {
    /* as it is */
  }
  const keepSlash = (wanted) => {
    slash = wanted;
    try {
      if (wanted) localStorage.removeItem(SLASH);
      else localStorage.setItem(SLASH, "off");
    } catch {
      /* as above */
    }
  };

  const loadScript = (name) =>
    new Promise((done, failed) => {
      const script = make("script", { src: new URL(`assets/${name}`, ROOT) });
      script.addEventListener("load", done);
      script.addEventListener("error", failed);
      document.head.append(script);
    });

  const load = () => {
    loading ||= Promise.all(PARTS.map(loadScript))
      .then(() => {
        find = clausebookSearch.engine(clausebookIndex);
        show();
      })
      .catch(() => {
        loading = null;
        const link = make("a", { href: new URL("find.html", ROOT) }, "index from A to Z");
        box.status.replaceChildren("The search could not be loaded. There is an ", link, ".");
      });
  };

  const marked = (text, words) =>
    clausebookSearch
      .snippet(text, words)
      .map((piece) => (piece.mark ? make("mark", {}, piece.text) : piece.text));

  /* On its own page a result leaves the rest of the address as it is: whose clauses are shown. */
  const addressOf = (found) => {
    const address = new URL(found.address, ROOT);
    if (address.pathname === location.pathname) address.search = location.search;
    return address.href;
  };

  /** One result: a link with what it leads to, the words found and where they stand. */
  const result = ({ document: found, words }) => {
    const link = make("a", { href: addressOf(found) });
    const title = make("span", { class: "cb-find-title" });
    if (found.label) title.append(make("b", {}, found.label), " ");
    title.append(...marked(found.title || found.policy || "", words));
    link.append(title);
    if (found.omitted) link.append(make("span", { class: "cb-find-text" }, "Not applicable here"));
    if (found.text) link.append(make("span", { class: "cb-find-text" }, ...marked(found.text, words)));
    const about = found.id
      ? [found.policy, found.id, found.audience && `for ${found.audience}`]
      : [];
    const where = about.filter(Boolean).join(" · ");
    if (where) link.append(make("span", { class: "cb-find-where" }, where));
    return make("li", {}, link);
  };

  const group = ([name, hits]) => {
    const heading = make("h2", { id: `cb-find-${name}` }, HEADINGS[name]);
    const list = make("ul", { "aria-labelledby": heading.id }, ...hits.slice(0, AT_FIRST).map(result));
    const part = make("div", {}, heading, list);
    const rest = hits.slice(AT_FIRST);
    if (rest.length) {
      const more = make("button", { type: "button" }, `Show ${rest.length} more`);
      more.addEventListener("click", () => {
        const items = rest.map(result);
        list.append(...items);
        more.remove();
        items[0].firstChild.focus();
      });
      part.append(more);
    }
    return part;
  };

  const say = (query, { groups, partly, isNear }) => {
    const number = groups.reduce((sum, [, hits]) => sum + hits.length, 0);
    if (!query) return HINT;
    if (!number) return `Nothing found for “${query}”. Try another word, or fewer.`;
    const told = number === 1 ? "1 result" : `${number} results`;
    if (isNear) return `There is no clause ${query} here. The nearest: ${told}.`;
    return partly ? `Nothing has all of these words; ${told} with some of them.` : `${told}.`;
  };

  const show = () => {
    const query = box.field.value.trim();
    if (!find) {
      box.status.textContent = query ? "Searching …" : HINT;
      return;
    }
    const found = query ? find(query) : { groups: [] };
    box.results.replaceChildren(...found.groups.map(group));
    box.results.scrollTop = 0;
    box.status.textContent = say(query, found);
    if (isWaiting) openFirst();
  };

  const openFirst = () => {
    isWaiting = !find;
    const first = box.results.querySelector("a");
    if (first && find) first.click();
  };

  /* Arrows go from result to result, and from the first back to the field. */
  const move = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.isComposing) return;
    const stops = [box.field, ...box.results.querySelectorAll("a, button")];
    const at = stops.indexOf(document.activeElement);
    if (at < 0) return;
    event.preventDefault();
    stops[Math.min(Math.max(at + step, 0), stops.length - 1)].focus();
  };

  /* On the page that a result stands on, the box must go before the clause is shown. */
  const leave = (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const here = location.href.split("#")[0];
    if (link.href.split("#")[0] === here) box.dialog.close();
  };

  const build = () => {
    const field = make("input", {
      id: "cb-find-field",
      type: "text",
      role: "searchbox",
      autocomplete: "off",
      autocapitalize: "none",
      spellcheck: "false",
      enterkeyhint: "go",
      "aria-describedby": "cb-find-status",
    });
    const close = make("button", { type: "button", class: "cb-find-close" }, "Close");
    const label = make("label", { for: field.id }, "Search the policies");
    const row = make("div", { class: "cb-find-row" }, field, close);
    const form = make("form", { role: "search" }, label, row);
    const status = make("p", { id: "cb-find-status", role: "status" });
    const results = make("div", { class: "cb-find-results" });
    const tick = make("input", { type: "checkbox", id: "cb-find-slash" });
    tick.checked = slash;
    tick.addEventListener("change", () => keepSlash(tick.checked));
    const keys = make("label", { for: tick.id }, tick, " The / key opens the search, as Ctrl and K do");
    const dialog = make("dialog", { class: "cb-find", "aria-label": "Search" }, form, status, results);
    dialog.append(make("p", { class: "cb-find-keys" }, keys));
    box = { dialog, field, status, results };
    field.addEventListener("input", show);
    close.addEventListener("click", () => dialog.close());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      openFirst();
    });
    dialog.addEventListener("keydown", move);
    results.addEventListener("click", leave);
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
    dialog.addEventListener("close", () => (isWaiting = false));
    document.body.append(dialog);
  };

  const open = () => {
    if (!box) build();
    if (box.dialog.open) return;
    box.dialog.showModal();
    box.field.select();
    load();
    show();
  };

  const isTyping = (target) =>
    target.isContentEditable || Boolean(target.closest("input:not([type=checkbox]), textarea, select"));

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || isTyping(event.target)) return;
    const control = event.ctrlKey || event.metaKey;
    const wanted = control ? event.key.toLowerCase() === "k" : slash && event.key === "/";
    if (!wanted) return;
    event.preventDefault();
    open();
  });

  const link = document.querySelector(".cb-find-open");
  if (link) {
    const keys = { type: "button", class: link.className, "aria-haspopup": "dialog" };
    const button = make("button", { ...keys, "aria-keyshortcuts": "Control+K" }, ...link.childNodes);
    button.addEventListener("click", open);
    link.replaceWith(button);
  }
})();
