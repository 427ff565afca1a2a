/** What the four subgraphs hold: seven listeners, nine albums, twelve notes. */

export interface Listener {
  readonly id: string;
  readonly name: string;
  readonly handle: string;
  readonly memberSince: number;
}

export interface Album {
  readonly ean: string;
  readonly title: string;
  readonly price: number;
  readonly grams: number;
  readonly pressed: boolean;
}

export interface Note {
  readonly id: string;
  readonly text: string;
  readonly ean: string;
  readonly writerId: string;
}

export const listeners: readonly Listener[] = [
  ['Ada Okafor', 'adagio', 2011],
  ['Bela Marsh', 'bmarsh', 2013],
  ['Cleo Dufour', 'cleo', 2014],
  ['Dag Lindqvist', 'dagger', 2016],
  ['Esi Mensah', 'esi', 2017],
  ['Finn Albrecht', 'finnish', 2019],
  ['Gita Rao', 'raga', 2022],
].map(([name, handle, memberSince], index) => ({
  id: String(index + 1),
  name: String(name),
  handle: String(handle),
  memberSince: Number(memberSince),
}));

export const albums: readonly Album[] = (
  [
    ['Slow Harbour', 1899, 180, true],
    ['Lanterns for Nobody', 2499, 360, true],
    ['Field Telephone', 999, 95, false],
    ['The Second Winter', 3299, 540, true],
    ['Paper Orchestra', 1599, 180, false],
    ['Night Bus, Window Seat', 1799, 180, true],
    ['Collected Errors', 5999, 1_080, true],
    ['Salt Roads', 1299, 140, false],
    ['Hymns to the Escalator', 2199, 220, true],
  ] as const
).map(([title, price, grams, pressed], index) => ({
  ean: `40${String(index + 1).padStart(11, '0')}`,
  title,
  price,
  grams,
  pressed,
}));

const opinions = [
  'The first side is so quiet that I looked twice whether the needle was down; by the third track the room had changed its size.',
  'I bought it for the cover and kept it for the drums, which sound as if somebody had recorded them from the far end of a swimming pool, in the best possible way.',
  'Two songs too long, and I would not know which two to leave out, because whenever I decide on one of them it is the one that I hum the next morning on the way to the bus.',
  'My copy has a scratch in the middle of the last song. I have come to wait for it, as one waits for the stair that creaks, and the files that came with the record sound wrong without it.',
  'Nobody at home likes it. I play it when they are out, loudly, with the windows open, and the neighbour across the yard has begun to clap between the tracks.',
  'The pressing is flat and silent and the sleeve is thick enough to stop a door. The music is better than that: it starts nowhere, goes somewhere that it does not name, and comes back with something in its hands.',
  'Sent it back, asked for it again a week later, and wrote to the shop to say sorry. They put in a postcard. It says: everybody does that with this one.',
];

/** `[the album's place in the list, who wrote it, how many opinions it holds]` */
const written: readonly (readonly [number, number, number])[] = [
  [0, 0, 5],
  [0, 1, 4],
  [0, 2, 4],
  [0, 0, 3],
  [1, 3, 5],
  [1, 0, 3],
  [1, 4, 2],
  [2, 0, 2],
  [3, 5, 5],
  [3, 1, 2],
  [4, 0, 3],
  [6, 2, 5],
];

export const notes: readonly Note[] = written.map(([album, writer, length], index) => ({
  id: String(index + 1),
  text: Array.from({ length }, (_, at) => opinions[(index + at) % opinions.length]).join(' '),
  ean: albums[album]!.ean,
  writerId: listeners[writer]!.id,
}));
