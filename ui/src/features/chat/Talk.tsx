/**
 * What was said. Only a stretch of a long conversation is in the page, and it grows as the user
 * scrolls. The view follows an answer only while the user is at its end.
 */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { Thread } from "../../backend/client";
import { Boundary } from "../../components/Boundary";
import { Icon } from "../../components/Icon";
import { useSentinel } from "../../components/useSentinel";
import { useChosen, useSession } from "../../session/context";
import { Compared, Hidden } from "./Compared";
import { Heard } from "./Heard";
import { Message } from "./Message";
import type { Offered } from "./offered";
import { Selected } from "./Selected";
import { NEAR_END_PX, useFollowing } from "./useFollowing";
import "./talk.css";

/** More than a window is high; what is drawn at once is what opening a conversation takes. */
const STRETCH = 24;

export function Talk({ thread, onOffer }: { thread: Thread; onOffer: (offered: Offered) => void }) {
  const session = useSession();
  const searchTarget = useChosen((state) => state.searchTarget);
  const running = useChosen((state) => state.runs.has(thread.id));
  const hiding = useChosen((state) => state.hiding === thread.id);
  const { comparison } = thread;
  const compared = (id: number) => comparison?.left.message.id === id || comparison?.right.message.id === id;
  const count = thread.branch.length;
  const [stretch, setStretch] = useState({ from: Math.max(0, count - STRETCH), toEnd: true, to: count });
  const to = stretch.toEnd ? count : Math.min(stretch.to, count);
  const [current, setCurrent] = useState<number | null>(null);
  const { box, content, atEnd, goToEnd, letGo } = useFollowing();

  // A sent message is at the end: so is the user.
  useEffect(() => {
    if (running) setStretch((old) => ({ ...old, toEnd: true }));
    if (running) goToEnd();
  }, [running, goToEnd]);

  // What was searched for comes into view, with a little of what stands around it.
  const target = searchTarget ? thread.branch.indexOf(searchTarget.message) : -1;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same message may be searched for again
  useEffect(() => {
    if (target < 0) return;
    letGo();
    setStretch((old) =>
      target >= old.from && (old.toEnd || target < old.to)
        ? old
        : { from: Math.max(0, target - 10), to: target + STRETCH, toEnd: target + STRETCH >= count },
    );
  }, [target, searchTarget, count]);

  const earlier = useSentinel(".talk", () => setStretch((old) => ({ ...old, from: Math.max(0, old.from - STRETCH) })));
  const later = useSentinel(".talk", () =>
    setStretch((old) => ({ ...old, to: old.to + STRETCH, toEnd: old.to + STRETCH >= count })),
  );

  // What was not read yet is not there for a moment.
  const read = useMemo(() => new Map(thread.messages.map((message) => [message.id, message])), [thread.messages]);
  const wanted = useMemo(() => thread.branch.slice(stretch.from, to), [thread.branch, stretch.from, to]);
  useEffect(() => void session.readMessages(thread.id, wanted), [session, thread.id, wanted]);
  const shown = wanted.flatMap((id, i) => {
    const message = read.get(id);
    return message ? [{ message, at: stretch.from + i }] : [];
  });
  useKeptPlace(box, shown[0]?.at ?? count);

  const last = thread.messages.at(-1);
  const tabbable = shown.some(({ message }) => message.id === current) ? current : shown.at(-1)?.message.id;

  return (
    <div className="talk-frame">
      <div ref={box} className="talk" role="region" aria-label="Conversation" tabIndex={-1}>
        <div ref={content} className="measure">
          {/* Another one each time: short messages may not have moved it out of sight. */}
          {stretch.from > 0 && <div key={`before ${stretch.from}`} ref={earlier} className="sentinel" />}
          {shown.map(({ message, at }) => (
            <Boundary key={at} what="This message" of={message} text={message.text.slice(0, 100_000)}>
              {comparison && compared(message.id) ? (
                <Compared conversation={thread.id} comparison={comparison} />
              ) : hiding && message === last && message.role === "assistant" ? (
                <Hidden />
              ) : (
                <Message
                  conversation={thread.id}
                  message={message}
                  last={message === last}
                  current={message.id === tabbable}
                  searchTarget={searchTarget?.message === message.id ? searchTarget.at : null}
                  onCurrent={setCurrent}
                />
              )}
            </Boundary>
          ))}
          {to < count && <div key={`after ${to}`} ref={later} className="sentinel" />}
        </div>
      </div>
      <Heard thread={thread} />
      <Selected conversation={thread.id} frame={box} onOffer={onOffer} />
      {(!atEnd || to < count) && (
        <button
          type="button"
          className="to-end"
          aria-label="Go to the end"
          title="Go to the end"
          onClick={() => {
            setStretch({ from: Math.max(0, count - STRETCH), to: count, toEnd: true });
            goToEnd();
          }}
        >
          <Icon name="down" />
        </button>
      )}
    </div>
  );
}

/** Messages put in above leave those on screen where they are. Not every web view does that by itself. */
function useKeptPlace(box: React.RefObject<HTMLElement | null>, from: number) {
  const before = useRef({ from, height: 0 });
  useLayoutEffect(() => {
    const frame = box.current;
    if (!frame) return;
    if (
      from < before.current.from &&
      before.current.height > 0 &&
      frame.scrollTop < frame.scrollHeight - frame.clientHeight - NEAR_END_PX
    ) {
      frame.scrollTop += frame.scrollHeight - before.current.height;
    }
    before.current = { from, height: frame.scrollHeight };
  });
}
