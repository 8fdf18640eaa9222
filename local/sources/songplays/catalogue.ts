/** The songs of the app, generated: some known by year and place, two alike in all that a play tells. */
import { pick, type Random, randomOf } from './random.ts';

export interface Song {
  readonly num_songs: 1;
  readonly artist_id: string;
  readonly artist_latitude: number | null;
  readonly artist_longitude: number | null;
  readonly artist_location: string;
  readonly artist_name: string;
  readonly song_id: string;
  readonly title: string;
  readonly duration: number;
  /** 0 where nobody knows. */
  readonly year: number;
}

const FIRST = 'Blue Silver Café Northern Paper Ñandú Golden Quiet Björn Electric Hollow Saint'.split(' ');
const SECOND = 'Harbour Orchestra Foxes Über Avenue Lanterns Machine Sisters Été Parade Tides Choir'.split(' ');
const WORDS = 'Undo Midnight Corazón Letters Rain Über Fire Again Home Sueños River "Stay" Nº1 Ghosts'.split(' ');
const PLACES = ['', 'Memphis, TN', 'London, England', 'São Paulo', 'Burlington, Ontario, Canada'];
const ARTISTS = 24;
const SONGS = 70;

const id = (prefix: string, random: Random): string =>
  prefix + Array.from({ length: 16 }, () => pick(random, [...'0123456789ABCDEF'])).join('');

/** Seconds with five decimals, as the catalogue has them. */
const seconds = (random: Random): number => Math.round((120 + random() * 240) * 100_000) / 100_000;

const artistOf = (seed: number, nth: number) => {
  const random = randomOf(seed, 'artist', nth);
  const isKnown = random() < 0.4;
  return {
    artist_id: id('AR', random),
    artist_latitude: isKnown ? Math.round(random() * 9_000_000) / 100_000 : null,
    artist_longitude: isKnown ? Math.round(random() * -18_000_000) / 100_000 : null,
    artist_location: pick(random, PLACES),
    artist_name: `${pick(random, FIRST)} ${pick(random, SECOND)}`,
  };
};

export function catalogueOf(seed: number): Song[] {
  const songs = Array.from({ length: SONGS }, (_, nth): Song => {
    const random = randomOf(seed, 'song', nth);
    return {
      num_songs: 1,
      ...artistOf(seed, Math.floor(random() * ARTISTS)),
      song_id: id('SO', random),
      title: `${pick(random, WORDS)} ${pick(random, WORDS)}`,
      duration: seconds(random),
      year: random() < 0.6 ? 0 : 1965 + Math.floor(random() * 45),
    };
  });
  const twin = songs[0] as Song;
  return [...songs, { ...twin, song_id: id('SO', randomOf(seed, 'twin')) }];
}
