/** `model:backend`, taken apart and put together. */
import type { CloudBackend, CloudModel, GoesTo } from "../../backend/client";
import { weight } from "./money";

export const POLICIES = [
  { route: "cheapest", name: "Whoever is cheapest" },
  { route: "fastest", name: "Whoever is fastest" },
  { route: "preferred", name: "By the order you set there" },
];

export function withRoute(model: string, route: string | null): string {
  return route === null ? model : `${model}:${route}`;
}

/** The model and what follows its colon, where the provider passes questions on. */
export function splitRoute(model: string, routes: boolean): { model: string; route: string | null } {
  const colon = routes ? model.lastIndexOf(":") : -1;
  return colon < 0 ? { model, route: null } : { model: model.slice(0, colon), route: model.slice(colon + 1) };
}

/** Pinned to begin with: then it is fixed who sees the words and what they cost. */
export function firstBackend({ backends }: CloudModel): CloudBackend | undefined {
  return [...backends].sort((a, b) => Number(b.live) - Number(a.live) || weight(a.price) - weight(b.price))[0];
}

/** The rule that a model is asked for by, where it is not pinned. */
export function ruleOf(model: string): string | null {
  return POLICIES.find(({ route }) => model.endsWith(`:${route}`))?.route ?? null;
}

/** The last part of a name such as "org/Model-14B:novita". */
export function shortModel(model: string, route: string | null): string {
  const whole = route !== null && model.endsWith(`:${route}`) ? model.slice(0, -route.length - 1) : model;
  return whole.slice(whole.lastIndexOf("/") + 1);
}

/** Who has no name of their own. */
const NAMELESS = ["Your own server", "Another program on this computer"];

/** In the middle of a sentence. */
export function nameInSentence(name: string): string {
  return NAMELESS.includes(name) ? name.toLowerCase() : name;
}

/** The same, with whoever serves it there. */
export function placeInSentence(to: { name: string; route: string | null }): string {
  return placeWords({ ...to, name: nameInSentence(to.name) });
}

/** "Goes to Mistral"; what bars the way is said with it. */
export function goingWords(
  to: { name: string; route: string | null; near: GoesTo["near"] },
  { on, locked }: { on: boolean; locked: boolean },
): string {
  const barred = locked ? "the offline lock is on" : on ? null : "the cloud is off";
  const place = placeInSentence(to);
  return barred === null ? `Goes to ${place}` : `Would go to ${place}, but ${barred}`;
}

/** Who answers and what kind of place that is, said once where both are the same. */
export function whereWords(to: { name: string; route: string | null; near: GoesTo["near"] }): string {
  return to.near === "computer" ? placeWords(to) : `${placeWords(to)}, ${nearWords(to.near)}`;
}

/** What kind of place that is. */
export function nearWords(near: GoesTo["near"]): string {
  return { computer: "another program on this computer", network: "in your own network", cloud: "in the cloud" }[near];
}

/** "Hugging Face · novita", "Hugging Face · whoever is cheapest", "Mistral". */
export function placeWords({ name, route }: { name: string; route: string | null }): string {
  const policy = POLICIES.find((one) => one.route === route);
  return [name, policy ? policy.name.toLowerCase() : route].filter(Boolean).join(" · ");
}
