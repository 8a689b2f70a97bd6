// Tables of sites as their own installations make them, reduced to what matters, with rows of every kind.

export interface SiteExample {
  readonly command: 'xbt' | 'gazelle' | 'unit3d'
  readonly statements: readonly string[]
  /** What an import of everything says. */
  readonly out: string
  readonly whitelist: readonly string[]
  /** By their labels. */
  readonly keys: Readonly<Record<string, string>>
  /** What is said of rows that cannot be imported. */
  readonly flaws: readonly string[]
}

/** Bytes that a dump must escape: quotes, backslash, NUL, newline, and one that is not UTF-8. */
const AWKWARD = '275c000a0d1a22605cff2c293b2d2d2f2a5c2741'
const PLAIN = '9e0217d0fa71c87332cd8bf9dbeabcb2c2cf3c4d'
const OTHER = '2b66980093bc11806fab50cb3cb41835b95a0362'
const GONE = '0'.repeat(40)
/** Not text that a dump's reader may take for SQL, either. */
const NOTE = "it''s (1,2); -- /* `x` \\\\ \\n INSERT INTO users VALUES (1);"

/** A passkey of 32 hex digits, as MD5 makes them. */
function passkey(digit: string): string {
  return digit.repeat(32)
}

const XBT: SiteExample = {
  command: 'xbt',
  statements: [
    `create table xbt_files (fid int not null auto_increment, info_hash binary(20) not null, leechers int not null default 0,
       flags int not null default 0, mtime int not null, primary key (fid), unique key (info_hash))`,
    `insert into xbt_files (info_hash, flags, mtime) values (x'${AWKWARD}', 0, 1), (x'${PLAIN}', 2, 1), (x'${GONE}', 1, 1)`,
    `create table xbt_users (uid int not null auto_increment, torrent_pass char(32) not null,
       torrent_pass_version int not null default 0, note text, primary key (uid), constraint c check (length(torrent_pass) < 33))`,
    `insert into xbt_users (torrent_pass, torrent_pass_version, note) values
       ('${passkey('a')}', 0, '${NOTE}'), ('', 3, null), ('', 0, null), ('${passkey('B')}', 0, '')`,
  ],
  out: 'whitelist: 2 torrents added, 0 already there\nkeys: 2 keys added, 0 already there\nleft out: deleted torrents (1), users without a passkey (1)\n1 row cannot be imported\n',
  whitelist: [AWKWARD, PLAIN],
  keys: { 'user 1': passkey('a'), 'user 4': passkey('B') },
  flaws: ['row 2 of xbt_users', 'its passes are computed for each torrent (torrent_pass_version), so there is no key'],
}

const GAZELLE: SiteExample = {
  command: 'gazelle',
  statements: [
    `create table torrents (ID int(10) not null auto_increment, GroupID int(10) not null, info_hash blob not null,
       FileList mediumtext not null, primary key (ID), unique key InfoHash (info_hash(40)), key GroupID (GroupID))`,
    `insert into torrents (GroupID, info_hash, FileList) values (1, x'${AWKWARD}', '${NOTE}'), (1, x'${PLAIN}', repeat('long ', 500000)),
       (1, 'short', '')`,
    `create table users_main (ID int(10) unsigned not null auto_increment, Username varchar(20) not null,
       Enabled enum('0','1','2') not null default '0', torrent_pass char(32) not null, primary key (ID))`,
    `insert into users_main (Username, Enabled, torrent_pass) values ('${NOTE.slice(0, 9)}', '1', '${passkey('g')}'),
       ('disabled', '2', '${passkey('h')}'), ('short', '1', 'tooshort')`,
  ],
  out: 'whitelist: 2 torrents added, 0 already there\nkeys: 1 key added, 0 already there\nleft out: disabled users (1)\n2 rows cannot be imported\n',
  whitelist: [AWKWARD, PLAIN],
  keys: { 'user 1': passkey('g') },
  flaws: [
    'row 3 of torrents',
    'info_hash has neither 20 bytes nor 40 hex digits',
    'row 3 of users_main',
    'the passkey does not fit: it has 8 characters, and keys have 32 letters and digits',
  ],
}

const UNIT3D: SiteExample = {
  command: 'unit3d',
  statements: [
    'create table `groups` (id int unsigned not null auto_increment, name varchar(255) not null, slug varchar(255) not null, primary key (id))',
    "insert into `groups` (name, slug) values ('User', 'user'), ('Banned', 'banned'), ('Validating', 'validating')",
    `create table torrents (id int unsigned not null auto_increment, name varchar(255) not null, info_hash binary(20) not null,
       status smallint not null default 0, deleted_at timestamp null, nfo blob, primary key (id))`,
    `insert into torrents (name, info_hash, status, deleted_at, nfo) values ('${NOTE}', x'${AWKWARD}', 1, null, x'00ff27'),
       ('pending', x'${GONE}', 0, null, null), ('gone', x'${OTHER}', 1, '2024-01-01 00:00:00', null), ('b', x'${PLAIN}', 1, null, null)`,
    `create table users (id int unsigned not null auto_increment, username varchar(255) not null, password varchar(255) not null,
       passkey varchar(255) not null, group_id int unsigned not null, deleted_at timestamp null, primary key (id), key (group_id))`,
    `insert into users (username, password, passkey, group_id, deleted_at) values
       ('alice', 'hash', '${passkey('1')}', 1, null), ('mallory', 'hash', '${passkey('2')}', 2, null),
       ('new', 'hash', '${passkey('3')}', 3, null), ('gone', 'hash', '${passkey('4')}', 1, '2024-01-01 00:00:00'),
       ('bob', 'hash', '${passkey('5')}', 1, null), ('lost', 'hash', '${passkey('6')}', 9, null)`,
  ],
  out: 'whitelist: 2 torrents added, 0 already there\nkeys: 2 keys added, 0 already there\nleft out: torrents that are not approved (1), deleted torrents (1), users of the group banned (1), users of the group validating (1), deleted users (1)\n1 row cannot be imported\n',
  whitelist: [AWKWARD, PLAIN],
  keys: { 'user 1': passkey('1'), 'user 5': passkey('5') },
  flaws: ['row 6 of users', 'the group of the user is not known'],
}

export const SITE_EXAMPLES: readonly SiteExample[] = [XBT, GAZELLE, UNIT3D]
