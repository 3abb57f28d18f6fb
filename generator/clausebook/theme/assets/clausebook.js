/* Clausebook: what helps a reader of a policy where scripts run. Without it everything can still be
   read and reached: numbers, terms and marks are links. Nothing leaves the reader's device. */
(() => {
  "use strict";
  const article = document.querySelector("article");
  const clauses = article ? [...article.querySelectorAll(".cb-clause[id]")] : [];
  if (!clauses.length) return;
  const site = new URL("..", document.currentScript.src).pathname;
  const FURNITURE = ".cb-label, .cb-past, .cb-tag, .cb-tags, .cb-mark, .cb-new";

  /* A page from a disk, or a browser set to keep nothing, may have no storage. */
  const recall = (key) => {
    try {
      return JSON.parse(localStorage.getItem(`clausebook ${key}`));
    } catch {
      return null;
    }
  };
  const keep = (key, value) => {
    try {
      localStorage.setItem(`clausebook ${key}`, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  };

  const make = (tag, words = "", settings = {}) => {
    const made = document.createElement(tag);
    made.textContent = words;
    for (const [name, value] of Object.entries(settings)) made.setAttribute(name, value);
    return made;
  };
  const link = (words, href, settings) => make("a", words, { href, ...settings });
  const button = (words, act) => {
    const made = make("button", words, { type: "button", class: "cb-button" });
    made.addEventListener("click", act);
    return made;
  };
  const count = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;
  const label = (clause) => clause.querySelector(".cb-label")?.textContent ?? clause.id;
  const clauseAt = (hash) => {
    const id = decodeURIComponent(hash.replace(/^#/, ""));
    return (id && document.getElementById(id)?.closest(".cb-clause")) || null;
  };

  /* What a clause consists of on the page: its words, and the blocks after them that are its own. */
  const holdsClause = (node) =>
    node.nodeType === 1 && (node.matches(".cb-clause") || !!node.querySelector(".cb-clause"));
  const parts = (clause) => {
    if (clause.matches("li")) return [...clause.childNodes].filter((node) => !holdsClause(node));
    const found = [clause];
    let next = clause.nextElementSibling;
    while (next && !holdsClause(next) && !next.matches(".cb-aid")) {
      found.push(next);
      next = next.nextElementSibling;
    }
    return found;
  };

  /* ---- Show what applies to some readers ---------------------------------------------------- */

  const tools = article.querySelector(".cb-tools");
  const whose = tools ? [...tools.querySelectorAll(".cb-for a")] : [];
  const audience = (choice) => new URLSearchParams(choice.search).get("for");
  const level = (clause) => (/^H[2-6]$/.test(clause.tagName) ? Number(clause.tagName[1]) : 0);

  /* The clauses to show: what is for the reader, and every heading with something under it. */
  const shownTo = (reader) => {
    const applies = (clause) =>
      !reader || !clause.dataset.for || clause.dataset.for.split(" ").includes(reader);
    const shown = new Set(clauses.filter((clause) => !level(clause) && applies(clause)));
    clauses.forEach((heading, at) => {
      if (!level(heading)) return;
      const rest = clauses.slice(at + 1);
      const end = rest.findIndex((other) => level(other) && level(other) <= level(heading));
      const under = (end < 0 ? rest : rest.slice(0, end)).filter((other) => !level(other));
      if (under.length ? under.some((other) => shown.has(other)) : applies(heading)) {
        shown.add(heading);
      }
    });
    return shown;
  };

  const setShown = (clause, on) => {
    for (const part of parts(clause)) {
      if (part.nodeType === 1) part.classList.toggle("cb-off", !on);
    }
  };
  const showAll = () => choose(whose[0], true);

  const choose = (choice, byHand) => {
    const reader = audience(choice) === "everyone" ? "" : audience(choice);
    for (const other of whose) other.removeAttribute("aria-current");
    choice.setAttribute("aria-current", "true");
    const shown = shownTo(reader);
    for (const clause of clauses) setShown(clause, shown.has(clause));
    for (const item of article.querySelectorAll("li")) {
      if (!holdsClause(item)) continue;
      const inside = clauses.filter((clause) => item.contains(clause));
      item.classList.toggle("cb-off", !inside.some((clause) => shown.has(clause)));
    }
    const hidden = clauses.length - shown.size;
    const told = tools.querySelector(".cb-shown");
    told.textContent = hidden
      ? `${hidden} of ${count(clauses.length, "clause")} hidden. `
      : "Everything is shown.";
    if (hidden) told.append(button("Show all", showAll));
    if (!byHand) return;
    keep(`for ${site}`, audience(choice));
    const address = new URL(location.href);
    address.searchParams.set("for", audience(choice));
    try {
      history.replaceState(history.state, "", address);
    } catch {
      /* Some browsers keep addresses of files as they are; the choice holds all the same. */
    }
  };

  /* A clause that somebody has been sent to is shown, whoever it is for. */
  const reveal = (hash) => {
    const clause = clauseAt(hash);
    if (!clause?.closest(".cb-off") && !clause?.querySelector(":scope > .cb-off")) return;
    setShown(clause, true);
    for (let at = clause; at && at !== article; at = at.parentElement) at.classList.remove("cb-off");
    let above = 7;
    for (const other of clauses.slice(0, clauses.indexOf(clause)).reverse()) {
      if (level(other) && level(other) < above) {
        above = level(other);
        setShown(other, true);
      }
    }
    const told = tools.querySelector(".cb-shown");
    told.append(` ${label(clause)} is shown because a link led to it.`);
    clause.scrollIntoView();
  };

  const startFilter = () => {
    if (!whose.length) return;
    const asked = new URLSearchParams(location.search).get("for") ?? recall(`for ${site}`);
    const choice = whose.find((each) => audience(each) === asked);
    if (choice && choice !== whose[0]) {
      choose(choice, false);
      if (location.hash) {
        reveal(location.hash);
        clauseAt(location.hash)?.scrollIntoView();
      }
    }
    for (const each of whose) {
      each.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        choose(each, true);
      });
    }
    addEventListener("hashchange", () => reveal(location.hash));
    document.addEventListener(
      "click",
      (event) => {
        const to = event.target.closest?.("a[href*='#']");
        if (to && to.pathname === location.pathname) reveal(to.hash);
      },
      true,
    );
  };

  /* ---- What is new since the reader was here ------------------------------------------------ */

  /* A clause's words as a short number; numbers of other clauses, and marks, do not count. */
  const fingerprint = (clause) => {
    let words = "";
    const read = (node) => {
      if (node.nodeType === 3) words += node.data;
      if (node.nodeType !== 1 || node.matches(FURNITURE)) return;
      if (node.matches("a[href*='#']:not(.cb-term)")) words += node.hash;
      else node.childNodes.forEach(read);
    };
    parts(clause).forEach(read);
    let hash = 0x811c9dc5;
    for (const sign of words.replace(/\s+/g, " ").trim()) {
      hash = Math.imul(hash ^ sign.codePointAt(0), 0x01000193) >>> 0;
    }
    return hash.toString(36);
  };

  const startMemory = () => {
    const told = tools?.querySelector(".cb-since");
    if (!told) return;
    const key = `read ${location.pathname}`;
    const now = Object.fromEntries(clauses.map((clause) => [clause.id, fingerprint(clause)]));
    const page = { version: tools.dataset.version ?? "", clauses: now };
    const before = recall(key);
    if (typeof before?.clauses !== "object" || !before.clauses) {
      if (!keep(key, page)) told.textContent = "This browser keeps nothing, so changes cannot be marked.";
      return;
    }
    const known = before.clauses;
    const news = clauses.filter((clause) => known[clause.id] !== now[clause.id]);
    const gone = Object.keys(known).filter((id) => !(id in now)).length;
    if (!news.length && !gone) {
      told.textContent = "Nothing has changed since you were last here.";
      keep(key, page);
      return;
    }
    const marks = news.map((clause) => {
      const word = clause.id in known ? "Changed" : "New";
      const mark = make("span", `${word} since you were last here`, { class: "cb-new" });
      clause.classList.add("cb-news");
      clause.querySelector(".cb-label")?.after(mark, " ");
      return mark;
    });
    const sums = [
      news.length ? `${count(news.length, "clause is", "clauses are")} new or changed` : "",
      gone ? `${count(gone, "clause is", "clauses are")} gone` : "",
    ];
    told.textContent = `Since you were last here, ${sums.filter(Boolean).join(" and ")}`;
    news.slice(0, 6).forEach((clause, at) => {
      told.append(at ? ", " : ": ", link(label(clause), `#${clause.id}`));
    });
    if (news.length > 6) told.append(` and ${news.length - 6} more`);
    told.append(". ");
    told.parentElement.classList.add("cb-memory--news"); // takes the hint's place
    const read = () => {
      for (const mark of marks) mark.remove();
      for (const clause of news) clause.classList.remove("cb-news");
      keep(key, page);
      told.parentElement.classList.remove("cb-memory--news");
      told.textContent = "Noted. What changes from now on will be marked.";
    };
    told.append(button("I have read this", read));
  };

  /* ---- Small windows: a clause's link and history, reasons, terms, cross-references --------- */

  const GAP = 6;
  const place = (window_, near) => {
    const box = near.getClientRects()[0];
    const [wide, high] = [window_.offsetWidth, window_.offsetHeight];
    const room = document.documentElement.clientWidth - wide - 8;
    const above = box.bottom + GAP + high > document.documentElement.clientHeight && box.top - GAP - high > 0;
    window_.style.left = `${scrollX + Math.max(8, Math.min(box.left, room))}px`;
    window_.style.top = `${scrollY + (above ? box.top - GAP - high : box.bottom + GAP)}px`;
  };

  /* A clause's own words, to be read elsewhere; what was a target or a tool here is not one there. */
  const quote = (clause) => {
    const quoted = make("div", "", { class: "cb-quoted" });
    let all = parts(clause);
    const list = !clause.matches("li") && all[all.length - 1].nextElementSibling;
    if (list && /:\s*$/.test(wordsOf(clause)) && list.matches("ul, ol")) all = [...all, list];
    for (const part of all) quoted.append(part.cloneNode(true));
    for (const tool of quoted.querySelectorAll(".cb-past, .cb-mark, .cb-new, .cb-tags")) tool.remove();
    for (const each of quoted.querySelectorAll("*")) {
      for (const name of ["id", "tabindex", "aria-describedby"]) each.removeAttribute(name);
      each.classList.remove("cb-clause", "cb-off", "cb-news");
      if (each.matches("a")) each.replaceWith(...each.childNodes);
    }
    return quoted;
  };
  const wordsOf = (clause) => {
    const copy = clause.cloneNode(true);
    for (const tool of copy.querySelectorAll(FURNITURE)) tool.remove();
    return copy.textContent;
  };

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const field = make("textarea", text, { class: "cb-vh", readonly: "" });
      document.body.append(field);
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      return done;
    }
  };
  const permanent = (clause) => {
    const known = document.querySelector("link[rel=canonical]");
    const address = new URL(location.protocol === "file:" && known ? known.href : location.href);
    address.search = "";
    address.hash = clause.id;
    return address.href;
  };

  const startWindows = () => {
    const menu = make("div", "", { class: "cb-window md-typeset", popover: "auto", role: "dialog", tabindex: "-1" });
    const tip = make("div", "", { class: "cb-window md-typeset", popover: "manual", role: "tooltip", id: "cb-tip" });
    const said = make("p", "", { class: "cb-vh", role: "status" });
    document.body.append(menu, tip, said);
    let opener = null;
    let described = null;
    let timer = 0;
    let pointer = "";
    let busy = false;

    const open = (near, name, ...content) => {
      busy = true; // focus may pass over a term on its way
      hide();
      if (menu.matches(":popover-open")) menu.hidePopover();
      opener = near;
      menu.setAttribute("aria-label", name);
      menu.replaceChildren(...content);
      menu.showPopover();
      place(menu, near);
      menu.focus({ preventScroll: true });
      busy = false;
    };
    const back = () => {
      busy = true;
      if (menu.matches(":popover-open")) menu.hidePopover();
      opener?.focus({ preventScroll: true });
      busy = false;
    };
    menu.addEventListener("toggle", (event) => {
      if (event.newState === "closed" && document.activeElement === document.body) back();
    });
    menu.addEventListener("keydown", (event) => {
      const stops = [...menu.querySelectorAll("a, button, input")];
      const edge = event.shiftKey ? [menu, stops[0]] : [stops[stops.length - 1] ?? menu];
      if (event.key === "Escape" || (event.key === "Tab" && edge.includes(document.activeElement))) {
        event.preventDefault();
        back();
      }
    });
    menu.addEventListener("click", (event) => {
      if (event.target.closest("a")) menu.hidePopover();
    });

    const show = (near, clause) => {
      clearTimeout(timer);
      if (busy || described === near) return;
      hide();
      described = near;
      near.setAttribute("aria-describedby", "cb-tip");
      tip.replaceChildren(quote(clause));
      tip.showPopover();
      place(tip, near);
    };
    const hide = () => {
      clearTimeout(timer);
      if (!described) return;
      described.removeAttribute("aria-describedby");
      described = null;
      tip.hidePopover();
    };
    const later = (act, wait) => {
      clearTimeout(timer);
      timer = setTimeout(act, wait);
    };

    /* A term or a cross-reference that names a clause of this page. */
    const named = (target) => {
      const to = target.closest?.(".cb-clause a[href^='#'], .cb-clause ~ * a[href^='#']");
      const clause = to && !to.matches(".cb-label") ? clauseAt(to.hash) : null;
      return clause && article.contains(to) && to.closest(".cb-clause") !== clause ? [to, clause] : null;
    };

    const showLink = async (number) => {
      const clause = number.closest(".cb-clause");
      const address = permanent(clause);
      const copied = await copy(address);
      said.textContent = copied ? "Link copied" : "";
      const first = make("p", copied ? "✓ Link copied. " : "The link to this clause:");
      first.append(copied ? make("span", clause.id, { class: "cb-id", title: "The clause’s permanent ID" }) : "");
      const field = make("input", "", { readonly: "", value: address, "aria-label": "Link to this clause" });
      const more = make("p");
      const past = clause.querySelector(":scope > .cb-past");
      const why = clause.querySelector(":scope > .cb-mark");
      if (past) more.append(link("History of this clause", past.href));
      if (past && why) more.append(" · ");
      if (why) more.append(link(why.textContent, why.href));
      open(number, `Clause ${label(clause)}`, first, ...(copied ? [] : [field]), ...(past || why ? [more] : []));
      if (!copied) field.select();
    };
    const showReason = (mark, reason) => {
      const told = make("p", reason.textContent);
      const more = make("p");
      more.append(link("See the difference", mark.href));
      open(mark, mark.textContent, make("p", mark.textContent, { class: "cb-window__title" }), told, more);
    };
    const showClause = (to, clause) => {
      const more = make("p");
      more.append(link(`Go to ${label(clause)}`, to.href));
      open(to, `Clause ${label(clause)}`, quote(clause), more);
    };

    article.addEventListener("pointerdown", (event) => {
      pointer = event.pointerType;
    });
    article.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      const number = event.target.closest(".cb-clause > .cb-label");
      const mark = event.target.closest("a.cb-mark");
      const reason = mark && article.querySelector(`[data-why="${CSS.escape(mark.hash.slice(3))}"]`);
      const found = named(event.target);
      if (number) {
        setTimeout(() => showLink(number)); // once the browser has gone to the clause
      } else if (reason) {
        event.preventDefault();
        showReason(mark, reason);
      } else if (found && pointer === "touch") {
        event.preventDefault();
        showClause(...found);
      } else {
        hide();
      }
    });
    article.addEventListener("pointerover", (event) => {
      const found = event.pointerType === "touch" ? null : named(event.target);
      if (found) later(() => show(...found), 300);
      else if (described) later(hide, 300);
    });
    article.addEventListener("pointerleave", () => later(hide, 300));
    tip.addEventListener("pointerenter", () => clearTimeout(timer));
    tip.addEventListener("pointerleave", () => later(hide, 300));
    article.addEventListener("focusin", (event) => {
      const found = event.target.matches(":focus-visible") ? named(event.target) : null;
      if (found) show(...found);
      else hide();
    });
    article.addEventListener("focusout", hide);
    document.addEventListener("keydown", (event) => {
      pointer = "";
      if (event.key === "Escape") hide();
    });
    for (const number of article.querySelectorAll(".cb-clause > .cb-label")) {
      number.setAttribute("aria-haspopup", "dialog");
    }
  };

  startMemory();
  startFilter();
  if ("popover" in HTMLElement.prototype) startWindows();
})();
