// Reading a stream of server-sent events over fetch, so that it can be posted, stopped and resumed.

const QUIET_MS = 40000;
const WAITS_MS = [400, 1000, 2000, 4000, 8000, 8000, 8000];

/** @typedef {{seq: number, type: string, data: Record<string, any>}} RunEvent */

/**
 * The events of one response, in order. Throws when the connection drops or falls silent.
 * @param {Response} response
 * @returns {AsyncGenerator<RunEvent>}
 */
export async function* eventsOf(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  try {
    for (;;) {
      const { done, value } = await beforeQuiet(reader.read());
      if (done) return;
      held = (held + value).replaceAll("\r\n", "\n");
      let end;
      while ((end = held.indexOf("\n\n")) >= 0) {
        const event = parsed(held.slice(0, end));
        held = held.slice(end + 2);
        if (event) yield event;
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/**
 * The events of a run until it ends, over as many connections as it takes.
 * @param {string} run
 * @param {{first?: Response, signal: AbortSignal, lost: (words: string) => void}} how
 * @returns {AsyncGenerator<RunEvent>}
 */
export async function* eventsOfRun(run, { first, signal, lost }) {
  let seq = 0;
  let response = first;
  let failures = 0;
  for (;;) {
    try {
      response ??= await fetch(`/api/runs/${encodeURIComponent(run)}/events`, {
        headers: { Accept: "text/event-stream", "Last-Event-ID": String(seq) },
        signal,
      });
      if (response.status === 404) throw new Gone();
      if (!response.ok) throw new Error(String(response.status));
      for await (const event of eventsOf(response)) {
        // Without a number it is no event of the log: the stream itself tells why it ends.
        if (event.seq && event.seq <= seq) continue;
        seq = event.seq || seq;
        failures = 0;
        run ||= event.data.run_id ?? "";
        yield event;
        if (event.type === "run.finished" || event.type === "run.error") return;
      }
      throw new Error("ended early");
    } catch (error) {
      if (signal.aborted || error instanceof Gone || failures >= WAITS_MS.length) throw error;
      lost("Connection lost, trying again");
      await new Promise((go) => setTimeout(go, WAITS_MS[failures]));
      failures += 1;
      response = undefined;
      if (signal.aborted) throw error;
    }
  }
}

/** The run or its thread is not there any more. */
export class Gone extends Error {}

/** @param {string} text @returns {RunEvent | null} null for a heartbeat */
function parsed(text) {
  let type = "";
  let seq = 0;
  const data = [];
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "event") type = value;
    else if (name === "id") seq = Number(value);
    else if (name === "data") data.push(value);
  }
  return type ? { seq, type, data: JSON.parse(data.join("\n") || "{}") } : null;
}

/** @template T @param {Promise<T>} read @returns {Promise<T>} */
function beforeQuiet(read) {
  let timer;
  const quiet = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error("silent")), QUIET_MS);
  });
  return Promise.race([read, quiet]).finally(() => clearTimeout(timer));
}
