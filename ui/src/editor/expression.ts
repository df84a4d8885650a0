/**
 * Regular expressions that come to an end. Those of the window can take longer than anybody waits,
 * and nothing stops them while they run. These are read and matched here, step by step, with a number of
 * steps that is counted: groups, choices, repetitions, looking ahead and behind, and what was found
 * before, as JavaScript writes them. A letter is one of any script.
 */

/** What is left of the steps. */
export interface Budget {
  steps: number;
}

/** There were no steps left. */
export class Spent extends Error {}

export interface Match {
  from: number;
  to: number;
  /** All of it, then what its groups found; "" where one found nothing. */
  groups: readonly string[];
}

interface Run {
  text: string;
  groups: (readonly [number, number] | undefined)[];
  budget: Budget;
}

/** Goes on from `at` with `then`; whether all of it fits. */
type Matcher = (run: Run, at: number, then: (at: number) => boolean) => boolean;

type One = (sign: string) => boolean;

const WORD = "\\p{L}\\p{M}\\p{N}_";
const LETTER = new RegExp(`^[${WORD}]$`, "u");

export class Expression {
  #matcher: Matcher;

  private constructor(matcher: Matcher) {
    this.#matcher = matcher;
  }

  /** Null where it cannot be read. */
  static read(source: string, matchCase: boolean): Expression | null {
    try {
      // What is not right for the window's own is not right here.
      new RegExp(source, "u");
      return new Expression(new Reader(source, matchCase).all());
    } catch {
      return null;
    }
  }

  /** All that is found, without what has no letter; throws `Spent`. */
  matches(text: string, budget: Budget): Match[] {
    const found: Match[] = [];
    const run: Run = { text, groups: [], budget };
    for (let at = 0; at < text.length; ) {
      run.groups = [];
      let end = -1;
      const fits = this.#matcher(run, at, (to) => {
        end = to;
        return to > at;
      });
      if (fits) found.push({ from: at, to: end, groups: [text.slice(at, end), ...saidBy(run)] });
      at = fits ? end : next(text, at);
    }
    return found;
  }
}

function saidBy({ text, groups }: Run): string[] {
  return Array.from({ length: Math.max(0, groups.length - 1) }, (_, nth) => {
    const [from, to] = groups[nth + 1] ?? [0, 0];
    return text.slice(from, to);
  });
}

/** `$1` to `$9` are what the groups found, `$&` is all of it, and `$$` a dollar. */
export function filled(template: string, groups: readonly string[]): string {
  return template.replace(/\$([1-9&$])/g, (_, sign: string) =>
    sign === "$" ? "$" : (groups[sign === "&" ? 0 : Number(sign)] ?? ""),
  );
}

function spend({ budget }: Run): void {
  budget.steps -= 1;
  if (budget.steps < 0) throw new Spent();
}

function signAt(text: string, at: number): string {
  const half = text.charCodeAt(at);
  if (half < 0xd800 || half > 0xdfff) return text.charAt(at);
  return at < text.length ? String.fromCodePoint(text.codePointAt(at) as number) : "";
}

function next(text: string, at: number): number {
  return at + Math.max(1, signAt(text, at).length);
}

function signBefore(text: string, at: number): string {
  return at > 0 ? (/.$/su.exec(text.slice(Math.max(0, at - 2), at))?.[0] ?? "") : "";
}

class Reader {
  #source: string;
  #at = 0;
  #groups = 0;
  #flags: string;

  constructor(source: string, matchCase: boolean) {
    this.#source = source;
    this.#flags = matchCase ? "u" : "iu";
  }

  all(): Matcher {
    const all = this.#choice();
    if (this.#at < this.#source.length) throw new SyntaxError();
    return all;
  }

  #takes(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #sign(): string {
    const sign = signAt(this.#source, this.#at);
    this.#at += sign.length;
    return sign;
  }

  #until(end: string): string {
    const start = this.#at;
    this.#at = this.#source.indexOf(end, start) + end.length;
    return this.#source.slice(start, this.#at);
  }

  #choice(): Matcher {
    const ways = [this.#sequence()];
    while (this.#takes("|")) ways.push(this.#sequence());
    const [only] = ways;
    if (ways.length === 1 && only) return only;
    return (run, at, then) => {
      spend(run);
      return ways.some((way) => way(run, at, then));
    };
  }

  #sequence(): Matcher {
    const parts: Matcher[] = [];
    while (this.#at < this.#source.length && !"|)".includes(signAt(this.#source, this.#at))) parts.push(this.#part());
    const from =
      (nth: number): Matcher =>
      (run, at, then) => {
        const part = parts[nth];
        return part ? part(run, at, (to) => from(nth + 1)(run, to, then)) : then(at);
      };
    return from(0);
  }

  #part(): Matcher {
    const start = this.#at;
    const sign = this.#sign();
    if (sign === "(") return this.#group();
    if (sign === "^") return when((text, at) => at === 0 || text[at - 1] === "\n");
    if (sign === "$") return when((text, at) => at === text.length || text[at] === "\n");
    if (sign === "\\" && this.#takes("b")) return when(atEdge);
    if (sign === "\\" && this.#takes("B")) return when((text, at) => !atEdge(text, at));
    if (sign === "\\" && /[1-9]/.test(signAt(this.#source, this.#at))) return this.#before();
    return this.#repeatedOne(this.#one(sign, start));
  }

  /** What a group found, once more. */
  #before(): Matcher {
    const digits = /^\d+/.exec(this.#source.slice(this.#at))?.[0] ?? "";
    this.#at += digits.length;
    const group = Number(digits);
    const fold = (text: string) => (this.#flags.includes("i") ? text.toLowerCase() : text);
    return this.#repeated((run, at, then) => {
      spend(run);
      const [from, to] = run.groups[group] ?? [0, 0];
      const end = at + to - from;
      return fold(run.text.slice(from, to)) === fold(run.text.slice(at, end)) && then(end);
    });
  }

  #group(): Matcher {
    for (const [sign, behind, wanted] of LOOKS)
      if (this.#takes(sign)) {
        const inner = this.#choice();
        this.#sign();
        return looking(inner, behind, wanted);
      }
    const bare = this.#takes("?:");
    if (!bare && this.#takes("?<")) this.#until(">");
    else if (!bare && this.#takes("?")) throw new SyntaxError();
    this.#groups += bare ? 0 : 1;
    const number = this.#groups;
    const inner = this.#choice();
    this.#sign();
    if (bare) return this.#repeated(inner);
    return this.#repeated((run, at, then) => {
      const before = run.groups[number];
      const fits = inner(run, at, (to) => {
        const old = run.groups[number];
        run.groups[number] = [at, to];
        if (then(to)) return true;
        run.groups[number] = old;
        return false;
      });
      if (!fits) run.groups[number] = before;
      return fits;
    });
  }

  /** One sign of the text: the window's own expressions know all classes of them. */
  #one(sign: string, start: number): One {
    if (sign === "[") {
      while (this.#at < this.#source.length && !this.#takes("]")) if (this.#sign() === "\\") this.#sign();
    } else if (sign === "\\") {
      const kind = this.#sign();
      if (kind === "k") throw new SyntaxError();
      if (/[pP]/.test(kind) || (kind === "u" && signAt(this.#source, this.#at) === "{")) this.#until("}");
      else if (kind === "u") this.#at += 4;
      else if (kind === "x") this.#at += 2;
      else if (kind === "c") this.#at += 1;
    } else if (sign !== "." && this.#flags === "u") return (other) => other === sign;
    const own = this.#source.slice(start, this.#at);
    const wide = own === "\\w" ? `[${WORD}]` : own === "\\W" ? `[^${WORD}]` : own;
    const inClass =
      wide.startsWith("[") && own.startsWith("[") ? wide.replace(/(^|[^\\])((?:\\\\)*)\\w/g, `$1$2${WORD}`) : wide;
    const test = new RegExp(`^${inClass}$`, this.#flags);
    // The same few letters are asked about again and again.
    const known = new Map<string, boolean>();
    return (other) => {
      const before = known.get(other);
      if (before !== undefined) return before;
      const is = test.test(other);
      known.set(other, is);
      return is;
    };
  }

  /** How often: at least, at most, and whether rather more often than less. */
  #often(): [number, number, boolean] | null {
    const counted = /^\{(\d+)(,?)(\d*)\}/.exec(this.#source.slice(this.#at));
    let range: [number, number] | null = null;
    if (this.#takes("*")) range = [0, Number.POSITIVE_INFINITY];
    else if (this.#takes("+")) range = [1, Number.POSITIVE_INFINITY];
    else if (this.#takes("?")) range = [0, 1];
    else if (counted) {
      this.#at += counted[0].length;
      const [least, most] = [Number(counted[1]), Number(counted[3])];
      range = [least, counted[2] === "" ? least : counted[3] === "" ? Number.POSITIVE_INFINITY : most];
    }
    return range && [...range, !this.#takes("?")];
  }

  /** Signs one behind the other need no room for each. */
  #repeatedOne(one: One): Matcher {
    const often = this.#often();
    if (!often)
      return (run, at, then) => {
        spend(run);
        const sign = signAt(run.text, at);
        return sign !== "" && one(sign) && then(at + sign.length);
      };
    const [least, most, more] = often;
    return (run, at, then) => {
      const ends = [at];
      const longer = () => {
        spend(run);
        const end = ends.at(-1) as number;
        const sign = signAt(run.text, end);
        if (ends.length > most || sign === "" || !one(sign)) return false;
        ends.push(end + sign.length);
        return true;
      };
      while (ends.length <= (more ? most : least) && longer());
      if (more) {
        for (let nth = ends.length - 1; nth >= least; nth -= 1) if (then(ends[nth] as number)) return true;
        return false;
      }
      for (let nth = least; nth < ends.length || (nth === ends.length && longer()); nth += 1)
        if (then(ends[nth] as number)) return true;
      return false;
    };
  }

  #repeated(inner: Matcher): Matcher {
    const often = this.#often();
    if (!often) return inner;
    const [least, most, more] = often;
    const round = (run: Run, count: number, at: number, then: (at: number) => boolean): boolean => {
      spend(run);
      const once = () =>
        count < most && inner(run, at, (to) => (to > at || count < least) && round(run, count + 1, to, then));
      if (count < least) return once();
      return more ? once() || then(at) : then(at) || once();
    };
    return (run, at, then) => round(run, 0, at, then);
  }
}

/** How it is written, whether it looks back, and whether it is to be there. */
const LOOKS: readonly [string, boolean, boolean][] = [
  ["?=", false, true],
  ["?!", false, false],
  ["?<=", true, true],
  ["?<!", true, false],
];

function looking(inner: Matcher, behind: boolean, wanted: boolean): Matcher {
  return (run, at, then) => {
    let there = false;
    if (!behind) there = inner(run, at, () => true);
    for (let from = at; behind && !there && from >= 0; from -= 1) {
      spend(run);
      there = inner(run, from, (to) => to === at);
    }
    return there === wanted && then(at);
  };
}

function when(holds: (text: string, at: number) => boolean): Matcher {
  return (run, at, then) => {
    spend(run);
    return holds(run.text, at) && then(at);
  };
}

function atEdge(text: string, at: number): boolean {
  return LETTER.test(signBefore(text, at)) !== LETTER.test(signAt(text, at));
}
