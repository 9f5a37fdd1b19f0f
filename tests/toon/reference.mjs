// The reference implementation behind JSON lines: one request a line in, one answer a line out.
//
//   {"op": "decode", "text": ...}                       -> {"json": "..."} or {"error": "..."}
//   {"op": "encode", "json": "...", "delimiter": ","}   -> {"text": ..., "json": "..."} or {"error": "..."}
//
// `json` of an answer is what JSON.stringify makes of the value: with the keys in JavaScript's order.
import { createInterface } from "node:readline";
import { decode, encode } from "@toon-format/toon";

function answer(request) {
  try {
    if (request.op === "decode") {
      return { json: JSON.stringify(decode(request.text)) };
    }
    const value = JSON.parse(request.json);
    return {
      text: encode(value, { delimiter: request.delimiter }),
      json: JSON.stringify(value),
    };
  } catch (error) {
    return { error: String(error.message) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + "\n");
}
