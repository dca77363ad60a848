// What the chat page asks of the server besides the stream.

import { Gone } from "./event-stream.js";

/** A refusal in the server's words, or in ours where it cannot be reached. */
export class Refusal extends Error {
  /** @param {string} message @param {string} hint */
  constructor(message, hint = "") {
    super(message);
    this.hint = hint;
  }
}

/**
 * Post JSON; throws a Refusal when the server does not take it.
 * @param {string} path @param {object} body @param {string} token @param {AbortSignal} [signal]
 */
export async function post(path, body, token, signal) {
  const response = await fetch(path, {
    method: "POST",
    headers: {
      "X-CSRF-Token": token,
      "Content-Type": "application/json",
      Accept: "text/event-stream, application/json",
    },
    body: JSON.stringify(body),
    signal,
  });
  if (response.ok) return response;
  const error = (await response.json().catch(() => null))?.error;
  throw new Refusal(error?.message ?? `The server answered ${response.status}.`, error?.hint);
}

/** Begin a thread. @param {string} token @returns {Promise<string>} its id */
export async function begunThread(token) {
  const made = await post("/api/threads", {}, token);
  return (await made.json()).thread_id;
}

/**
 * A thread's page as the server draws it now, with the branch of one turn.
 * @param {string} path @param {string} turn
 */
export async function pageAt(path, turn) {
  const answer = await fetch(`${path}?at=${encodeURIComponent(turn)}`);
  if (answer.status === 404) throw new Gone();
  if (!answer.ok) throw new Error(String(answer.status));
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}
