/**
 * A dialog of the platform's own: it keeps the focus inside, and Escape or a press beside it
 * closes it, unless something was typed in it that would be gone. Then it asks.
 */
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { takesText } from "./editing";
import { composing } from "./keys";
import "./dialog.css";

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** The title is said, not shown. */
  bare?: boolean;
  wide?: boolean;
  /** As large as the window allows, always of one size, and scrolled inside. */
  large?: boolean;
}

export function Dialog({ title, onClose, children, bare = false, wide = false, large = false }: Props) {
  const box = useRef<HTMLDialogElement>(null);
  const heading = useId();
  /** Something was typed into one of its forms. */
  const typed = useRef(false);
  const [asking, setAsking] = useState(false);
  const keep = useRef<HTMLButtonElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the button is there once it asks
  useEffect(() => keep.current?.focus(), [asking]);
  const leave = () => {
    if (typed.current && written(box.current)) setAsking(true);
    else onClose();
  };
  useEffect(() => {
    const dialog = box.current;
    if (!dialog) return;
    const before = document.activeElement;
    dialog.showModal();
    // The platform takes whatever stands first; some dialogs know better.
    dialog.querySelector<HTMLElement>("[data-first]")?.focus();
    // And all of them begin at their beginning, wherever that is.
    dialog.scrollTop = 0;
    return () => {
      dialog.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={box}
      className={`dialog${wide ? " wide" : ""}${large ? " large" : ""}${bare ? " bare" : ""}`}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        if (!asking) leave();
      }}
      onInput={(event: FormEvent) => {
        if (event.target instanceof Element && event.target.closest("form")) typed.current = true;
      }}
      onSubmit={() => (typed.current = false)}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || composing(event.nativeEvent)) return;
        event.preventDefault();
        event.stopPropagation();
        if (asking) setAsking(false);
        else leave();
      }}
      onMouseDown={(event) => event.target === box.current && leave()}
    >
      <div className="dialog-body">
        <h2 id={heading} className={bare ? "said" : undefined}>
          {title}
        </h2>
        {children}
        {asking && (
          <div className="leaving" role="alertdialog" aria-label="Discard what you wrote?">
            <p>Discard what you wrote here?</p>
            <button ref={keep} type="button" className="quiet" onClick={() => setAsking(false)}>
              Go on writing
            </button>
            <button type="button" className="danger" onClick={onClose}>
              Discard
            </button>
          </div>
        )}
      </div>
    </dialog>
  );
}

/** Whether any field of its forms holds words: what was typed and taken back is no loss. */
function written(dialog: HTMLElement | null): boolean {
  const fields = dialog?.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("form :is(textarea, input)") ?? [];
  return [...fields].some((field) => takesText(field) && field.type !== "search" && field.value.trim() !== "");
}

/** Asks before something that cannot be taken back. */
export function Confirm(props: {
  title: string;
  text: string;
  action: string;
  onYes: () => void;
  onClose: () => void;
}) {
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <p>{props.text}</p>
      <div className="dialog-actions">
        <button type="button" className="quiet" autoFocus onClick={props.onClose}>
          Keep everything
        </button>
        <button
          type="button"
          className="danger"
          onClick={() => {
            props.onYes();
            props.onClose();
          }}
        >
          {props.action}
        </button>
      </div>
    </Dialog>
  );
}
