// A zip again, with its entries by name, one date, and no attributes of the machine that made it.
import zlib from 'node:zlib';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const NAMES_ARE_UTF8 = 0x0800;
const DEFLATED = 8;
const EPOCH = 946684800; // 2000-01-01, unless SOURCE_DATE_EPOCH says otherwise

/** The entries of a zip: name and content. */
export function entriesOf(zip) {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0) throw new Error('this is no zip');
  const found = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    if (zip.readUInt32LE(at) !== CENTRAL) throw new Error('the directory of the zip is damaged');
    const [method, packed] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20)];
    const [nameLength, extra, comment] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32)];
    const local = zip.readUInt32LE(at + 42);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const data = zip.subarray(start, start + packed);
    found.push({ name, content: method === DEFLATED ? zlib.inflateRawSync(data) : Buffer.from(data) });
    at += 46 + nameLength + extra + comment;
  }
  return found;
}

export function repack(zip) {
  const entries = entriesOf(zip)
    .filter(({ name }) => !name.endsWith('/'))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const { day, time } = stamp(Number(process.env.SOURCE_DATE_EPOCH ?? EPOCH));
  const bodies = [];
  const directory = [];
  let offset = 0;
  for (const { name, content } of entries) {
    const data = zlib.deflateRawSync(content, { level: 9 });
    const bytes = Buffer.from(name, 'utf8');
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0); // version that can read it
    fields.writeUInt16LE(NAMES_ARE_UTF8, 2);
    fields.writeUInt16LE(DEFLATED, 4);
    fields.writeUInt16LE(time, 6);
    fields.writeUInt16LE(day, 8);
    fields.writeUInt32LE(zlib.crc32 ? zlib.crc32(content) : crc32(content), 10);
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(content.length, 18);
    fields.writeUInt16LE(bytes.length, 22);
    bodies.push(number32(LOCAL), fields, bytes, data);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(number32(CENTRAL), number16(20), fields, rest, bytes);
    offset += 30 + bytes.length + data.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, list, end]);
}

/** A date as zip writes it; it knows none before 1980, and no time zones. */
function stamp(seconds) {
  const date = new Date(Math.max(seconds, 315532800) * 1000);
  const day = ((date.getUTCFullYear() - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate();
  const time = (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1);
  return { day, time };
}

function number32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function number16(value) {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function crc32(content) {
  let crc = ~0;
  for (const byte of content) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
}
