/** Where published messages end: a directory of e-mails that a person can open. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../machine/state-file.ts';

export interface Mail {
  readonly id: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly body: string;
  readonly date: Date;
}

/** Writes `<directory>/<time>-<subject>.eml`; gives its path. */
export async function post(directory: string, mail: Mail): Promise<string> {
  await mkdir(directory, { recursive: true });
  const time = mail.date.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const words = mail.subject.replaceAll(/[^A-Za-z0-9]+/g, '-').slice(0, 60);
  const path = join(directory, `${time}-${words}-${mail.id.slice(0, 8)}.eml`);
  replaceFile(path, text(mail));
  return path;
}

const text = ({ id, from, to, subject, body, date }: Mail): string => `From: ${from}
To: ${to.join(', ') || '(nobody has subscribed)'}
Date: ${date.toUTCString()}
Subject: ${subject}
Message-ID: <${id}>
Content-Type: text/plain; charset=utf-8

${body}
`;
