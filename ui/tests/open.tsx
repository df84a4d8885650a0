/** Opens the whole window on a fake backend. */
import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { App } from "../src/app/App";
import type { Backend } from "../src/backend/client";
import type { Fake } from "./fake";

export async function open(fake: Fake, backend: Backend = fake.backend()) {
  const user = userEvent.setup();
  let view!: ReturnType<typeof render>;
  await act(async () => {
    view = render(<App backend={backend} />);
  });
  return { user, view, message: () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Message" }) };
}
