/* Clausebook: finds clauses, people, channels and pages in `search-index.js`, with MiniSearch.
   Knows no page: `search.js` loads it when somebody first searches, and shows what it finds. */
(() => {
  "use strict";

  /* Words that say nothing about what is looked for. */
  const EMPTY = new Set(
    "a an and are as at be by can do does for from how in is may my of on or our the to was we what when where which who with you your".split(
      " ",
    ),
  );
  const WORD = /[\p{L}\p{N}\p{M}'’ʼ]+/gu;
  const LABEL = /^\d+(?=[.(])(?:\.\d+)*[A-Z]{0,2}(?:\s*\(?[a-z]{1,4}\)?){0,3}$/i;
  const [OMITTED, HEADING] = [1, 2];
  const ALSO = { alsoTitle: 3, alsoText: 1.2, alsoTopic: 0.4 };

  const plain = (text) =>
    text
      .normalize("NFKD")
      .replace(/[\p{M}'’ʼ]/gu, "")
      .toLowerCase();

  /* One form for one and several, so that "photos" and "photo’s" find "photo". */
  const stem = (word) => {
    if (/[^aeiou]ies$/.test(word) && word.length > 4) return word.slice(0, -3) + "y";
    return word.length > 3 && /[^ius]s$/.test(word) ? word.slice(0, -1) : word;
  };
  const term = (word) => stem(plain(word));
  const terms = (text) => (text.match(WORD) || []).map(term).filter(Boolean);
  const useful = (word) => Boolean(word) && !EMPTY.has(word);

  /* An ID or a label without what people leave out: `SM 17` and `4.2 (A)`. */
  const bareId = (text) => plain(text).replace(/[^a-z0-9]/g, "");
  const signless = (text) => text.replace(/[^a-z0-9.]/gi, "");
  const bareLabel = (text) => signless(plain(text)).replace(/\.$/, "");

  /* Every document in one form, from the index's lists. */
  const documents = (index) => [
    ...index.clauses.map(([id, label, text, topic, policy, audience, state]) => {
      const [title, path] = index.policies[policy];
      const heading = state === HEADING;
      return {
        group: "clauses",
        id,
        label,
        title: heading ? text : index.topics[topic],
        text: heading ? "" : text,
        search: { title: heading ? text : "", topic: index.topics[topic], text: heading ? "" : text },
        audience: index.audiences[audience],
        policy: title,
        omitted: state === OMITTED,
        address: `${path}#${id}`,
      };
    }),
    ...index.people.map(([title, name, about, also, address]) => ({
      group: "people",
      title: `${title}: ${name}`,
      text: about,
      search: { title: `${title} ${name}`, text: about, called: also },
      address,
    })),
    ...index.channels.map(([title, text, address]) => ({
      group: "channels",
      title,
      text,
      search: { title, text },
      address,
    })),
    ...index.pages.map(([title, text, address]) => ({
      group: "pages",
      title,
      text,
      search: { title, text },
      address,
    })),
  ];

  /* A synonym of several words is one term of its own, so that its words alone do not find it. */
  const joined = (phrase) => (phrase.includes(" ") ? `0${phrase.replaceAll(" ", "")}` : phrase);
  const phraseOf = (text) => terms(text).join(" ");

  /* Synonyms as terms: phrases to look for in a text, and what they are found by as well. */
  const readSynonyms = (pairs) =>
    pairs.map(([phrases, typed]) => {
      const also = [...new Set(typed.map(phraseOf))].filter(useful);
      const long = also.filter((phrase) => phrase.includes(" "));
      return { phrases: [...new Set([...phrases.map(phraseOf), ...long])], also };
    });

  /* The words by which a text is found too, as often as there is reason.  That is done here and not
     to the query, so that the first letters of a synonym, or a slip in it, find as much as all of it. */
  const widened = (text, synonyms) => {
    const own = ` ${terms(text).join("  ")} `;
    return synonyms
      .flatMap(({ phrases, also }) => {
        const times = phrases.map((phrase) => own.split(` ${phrase.replaceAll(" ", "  ")} `).length - 1);
        const most = times.reduce((sum, each) => sum + each, 0);
        return Array.from({ length: most }, () => also.map(joined)).flat();
      })
      .join(" ");
  };

  /* For every term by which something else is found: the terms that then stand in the text. */
  const originsOf = (synonyms) => {
    const origins = new Map();
    for (const { phrases, also } of synonyms) {
      const parts = phrases.flatMap((phrase) => phrase.split(" ")).filter(useful);
      for (const word of also.map(joined)) {
        origins.set(word, new Set([...(origins.get(word) || []), ...parts]));
      }
    }
    return origins;
  };

  const engine = (index) => {
    const all = documents(index);
    const synonyms = readSynonyms(index.synonyms);
    const origins = originsOf(synonyms);
    const long = synonyms.flatMap(({ also }) => also).filter((phrase) => phrase.includes(" "));
    const mini = new MiniSearch({
      fields: ["title", "topic", "text", "called", "for", "alsoTitle", "alsoTopic", "alsoText"],
      idField: "number",
      tokenize: (text) => text.match(WORD) || [],
      processTerm: (word) => {
        const found = term(word);
        return useful(found) && found;
      },
      searchOptions: {
        boost: { title: 4, called: 4, text: 1.5, topic: 0.5, for: 0.2, ...ALSO },
        prefix: (word) => word.length > 1,
        weights: { fuzzy: 0.3, prefix: 0.6 },
        combineWith: "AND",
      },
    });
    all.forEach((document, number) => {
      if (document.omitted) return;
      const { title, text, topic, called } = document.search;
      mini.add({
        number,
        ...document.search,
        for: document.audience,
        alsoTitle: widened(`${title} ${called || ""}`, synonyms),
        alsoText: widened(text, synonyms),
        alsoTopic: widened(topic || "", synonyms),
      });
    });
    const byId = new Map();
    const byLabel = new Map();
    for (const document of all) {
      if (document.group !== "clauses") continue;
      for (const [map, key] of [[byId, bareId(document.id)], [byLabel, bareLabel(document.label)]]) {
        map.set(key, [...(map.get(key) || []), document]);
      }
    }

    /* The clauses that a query names by ID or label, the one named exactly first.  A number that
       nothing has leads to the clause it would stand under: 4.2(f) to 4.2. */
    const named = (query) => {
      const asked = query.trim().replace(/^(?:clause|section|paragraph|para|no\.?|number|§|#)\s*/i, "");
      const exact = (document) => document.id === asked || signless(document.label) === signless(asked);
      let label = bareLabel(asked);
      const found = [...(byId.get(bareId(asked)) || []), ...(byLabel.get(label) || [])];
      const isNear = !found.length && LABEL.test(asked);
      while (isNear && label && !byLabel.has(label)) label = label.replace(/\.?\d+$|[a-z]$/, "");
      if (isNear) found.push(...(byLabel.get(label) || []));
      return { direct: [...new Set(found)].sort((a, b) => exact(b) - exact(a)), isNear };
    };

    /* What a result's terms stand for in its own words: `Twitter` marks `X`. */
    const marked = (result) => {
      const words = new Set(result.terms);
      for (const word of result.terms) {
        if (!result.match[word].some((field) => field in ALSO)) continue;
        for (const part of origins.get(word) || []) words.add(part);
      }
      return words;
    };

    /* All words as typed; else with slips; else some of them. */
    const slips = (word) => (/\d/.test(word) || word.length < 5 ? false : word.length < 9 ? 1 : 2);
    const attempts = [{}, { fuzzy: slips }, { fuzzy: slips, combineWith: "OR" }];
    const search = (asked) => {
      const spaced = ` ${terms(asked).join(" ")} `;
      const join = (text, phrase) => text.replaceAll(` ${phrase} `, ` ${joined(phrase)} `);
      const query = long.reduce(join, spaced);
      for (const options of attempts) {
        const results = mini.search(query, options);
        if (results.length) return { results, partly: Boolean(options.combineWith) };
      }
      return { results: [], partly: false };
    };

    /** Groups of hits, the likeliest first, and how well they fit what was asked. */
    return (query) => {
      const { direct, isNear } = named(query);
      const isName = direct.length > 0 && /\d/.test(query) && !/^\s*\d+\s*$/.test(query);
      const { results, partly } = isName ? { results: [], partly: false } : search(query);
      const groups = new Map();
      if (direct.length) {
        groups.set("direct", direct.map((document) => ({ document, words: new Set() })));
      }
      for (const result of results) {
        const document = all[result.id];
        if (direct.includes(document)) continue;
        if (!groups.has(document.group)) groups.set(document.group, []);
        groups.get(document.group).push({ document, words: marked(result) });
      }
      return { groups: [...groups], partly, isNear: isName && isNear };
    };
  };

  /** A text in pieces, those found marked, cut to what stands around the first of them. */
  const snippet = (text, words, most = 170) => {
    const found = [...text.matchAll(WORD)].filter((word) => words.has(term(word[0])));
    let start = found.length ? Math.max(0, found[0].index - 50) : 0;
    if (text.length <= most) start = 0;
    while (start > 0 && text[start - 1] !== " ") start -= 1;
    let end = Math.min(text.length, start + most);
    while (end < text.length && text[end] !== " ") end += 1;
    const pieces = [];
    let at = start;
    const add = (to, mark) => {
      if (to > at) pieces.push({ text: text.slice(at, to), mark });
      at = to;
    };
    if (start > 0) pieces.push({ text: "… ", mark: false });
    for (const word of found) {
      if (word.index < start || word.index + word[0].length > end) continue;
      add(word.index, false);
      add(word.index + word[0].length, true);
    }
    add(end, false);
    if (end < text.length) pieces.push({ text: " …", mark: false });
    return pieces;
  };

  globalThis.clausebookSearch = { engine, snippet };
})();
