// What a client tells the harness: one JSON object a line on standard output, each with the time at
// which it happened. Lines leave in batches, so that telling does not slow the client down; the
// ledger itself is not in them but in the promises: an acknowledgement is told after its promise
// was kept, never before.

const waiting = [];
let scheduled = false;

/** Microseconds since 1970, as exact as this process knows them. */
export const nowMicros = () => Math.round((performance.timeOrigin + performance.now()) * 1000);

const flush = () => {
  scheduled = false;
  process.stdout.write(waiting.splice(0).join(''));
};

/** Tells the harness that something happened. */
export const tell = (event, fields) => {
  waiting.push(`${JSON.stringify({ event, at: nowMicros(), ...fields })}\n`);
  if (!scheduled) {
    scheduled = true;
    setImmediate(flush);
  }
};

/** Ends the process once everything told has left it. */
export const tellLast = (event, fields) => {
  tell(event, fields);
  const rest = waiting.splice(0).join('');
  process.stdout.write(rest, () => process.exit(0));
};

/** Calls `onCommand` with each line that the harness writes to standard input, and with `stop` when it goes away. */
export const listen = (onCommand) => {
  let rest = '';
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    lines.forEach((line) => onCommand(line.trim()));
  });
  process.stdin.on('end', () => onCommand('stop'));
};
