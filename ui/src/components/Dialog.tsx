/** A dialog of the platform's own: it keeps the focus inside, and Escape closes it. */
import { useEffect, useId, useRef, type ReactNode } from "react";
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
  useEffect(() => {
    const dialog = box.current;
    if (!dialog) return;
    const before = document.activeElement;
    dialog.showModal();
    // The platform takes whatever stands first; some dialogs know better.
    dialog.querySelector<HTMLElement>("[data-first]")?.focus();
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
        onClose();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || composing(event.nativeEvent)) return;
        event.preventDefault();
        event.stopPropagation();
        onClose();
      }}
      onMouseDown={(event) => event.target === box.current && onClose()}
    >
      <div className="dialog-body">
        <h2 id={heading} className={bare ? "said" : undefined}>
          {title}
        </h2>
        {children}
      </div>
    </dialog>
  );
}

/** Asks before something that cannot be taken back. */
export function Confirm(props: { title: string; text: string; action: string; onYes: () => void; onClose: () => void }) {
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
