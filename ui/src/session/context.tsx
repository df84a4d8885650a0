/** How components reach the session, and the state they choose from it. */
import { createContext, useContext, useSyncExternalStore } from "react";
import type { Session } from "./session";
import type { State } from "./state";

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("There is no session around this component.");
  return session;
}

/** The part of the state that `choose` picks; rendered again only when that part changes. */
export function useChosen<T>(choose: (state: State) => T): T {
  const session = useSession();
  return useSyncExternalStore(session.watch, () => choose(session.state));
}
