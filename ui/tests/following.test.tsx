import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { useFollowing } from "../src/features/chat/useFollowing";

/** What is high by the numbers that a test gives, for nothing is laid out here. */
function Frame() {
  const { box, content, atEnd } = useFollowing();
  return (
    <div ref={box} data-testid="frame">
      <div ref={content}>{atEnd ? "at the end" : "further up"}</div>
    </div>
  );
}

/** A frame of 500 px over content of 2,000 px, at its end. */
function open() {
  const layout = { height: 2000, top: 0 };
  const most = () => Math.max(0, layout.height - 500);
  const drawn = {
    clientHeight: { get: () => 500 },
    scrollHeight: { get: () => layout.height },
    scrollTop: {
      get: () => layout.top,
      set: (top: number) => {
        layout.top = Math.min(top, most());
      },
    },
  };
  const proto = HTMLElement.prototype;
  const before = Object.keys(drawn).map((key) => [key, Object.getOwnPropertyDescriptor(proto, key)] as const);
  for (const [key, how] of Object.entries(drawn)) Object.defineProperty(proto, key, { configurable: true, ...how });
  render(<Frame />);
  for (const [key, how] of before) {
    if (how) Object.defineProperty(proto, key, how);
    else Reflect.deleteProperty(proto, key);
  }
  const frame = screen.getByTestId("frame");
  for (const [key, how] of Object.entries(drawn)) Object.defineProperty(frame, key, { configurable: true, ...how });
  fireEvent.scroll(frame);
  return { frame, layout };
}

test("content that shrinks and grows again before the event comes is followed", () => {
  const { frame, layout } = open();
  // Another version: the long answer is gone, which moves the place up, and the first words of
  // the new one are there already.
  layout.height = 600;
  layout.top = 100;
  layout.height = 900;
  fireEvent.scroll(frame);
  expect(layout.top).toBe(400);
  expect(screen.getByText("at the end")).toBeTruthy();
});

test("a place that the web view reports late is no movement of the user's", () => {
  const { frame, layout } = open();
  expect(layout.top).toBe(1500);
  layout.top = 0;
  fireEvent.scroll(frame);
  expect(layout.top).toBe(1500);
});

test("the user who scrolls up while the answer grows is left there, however they do it", () => {
  for (const up of [
    (frame: HTMLElement) => fireEvent.keyDown(frame, { key: "PageUp" }),
    (frame: HTMLElement) => fireEvent.wheel(frame, { deltaY: -100 }),
    (frame: HTMLElement) => fireEvent.pointerDown(frame),
    (frame: HTMLElement) => fireEvent.keyDown(frame, { key: "Tab", shiftKey: true }),
  ]) {
    const { frame, layout } = open();
    up(frame);
    layout.height = 2200;
    layout.top = 1000;
    fireEvent.scroll(frame);
    expect(layout.top).toBe(1000);
    expect(screen.getByText("further up")).toBeTruthy();
    document.body.replaceChildren();
  }
});

test("back at the end, it is followed again", () => {
  const { frame, layout } = open();
  fireEvent.wheel(frame, { deltaY: -100 });
  layout.top = 900;
  fireEvent.scroll(frame);
  expect(screen.getByText("further up")).toBeTruthy();
  layout.top = 1480;
  fireEvent.scroll(frame);
  expect(screen.getByText("at the end")).toBeTruthy();
});
