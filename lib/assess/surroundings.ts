/** The words around what a name means: what settles it, what turns it into a remark, what is harmless. As data, section 2.4. */
import type { DataClass } from '../model/observation.ts';
import type { ContextName } from './dictionary.ts';

/** Words around a doubtful word, and at the head of what is above it, that settle it. */
export const CONTEXTS: Readonly<Record<Exclude<ContextName, 'row'>, string>> = {
  person:
    'user, customer, client, patient, member, employee, person, people, contact, profile, owner, subscriber, guest, ' +
    'student, passenger, applicant, candidate, driver, beneficiary, recipient, buyer, billing, shipping, ' +
    'delivery, home, personal, family, citizen, resident, voter, staff, holder, friend, spouse, partner, sender, consumer, ' +
    'individual, attendee, participant, respondent, traveller, traveler, teacher, doctor, visitor, donor, ' +
    'usuario, cliente, paciente, empleado, persona, alumno, socio, titular, utilisateur, employe, personne, abonne, ' +
    'adherent, salarie, benutzer, nutzer, kunde, kunden, mitarbeiter, mitglied, mitglieder, patienten, schuler, ' +
    'funcionario, pessoa, aluno, titular, utente, utenti, clienti, paziente, pazienti, dipendente, dipendenti, gebruiker, ' +
    'klant, klanten, medewerker, persoon, leden, lid, uzytkownik, uzytkownika, uzytkownicy, klient, klienta, klienci, ' +
    'pacjent, pacjenta, pacjenci, pracownik, pracownika, pracownicy, osoba, osoby, kullanici, kullanicilar, musteri, ' +
    'musteriler, hasta, hastalar, calisan, calisanlar, personel, uye, uyeler, ogrenci, ogrenciler, ' +
    'пользователь, пользователя, пользователи, клиент, клиента, клиенты, сотрудник, сотрудника, сотрудники, пациент, ' +
    'пациента, пациенты, покупатель, покупателя, покупатели, polzovatel, polzovatelya, polzovateli, klienta, klienty, ' +
    'sotrudnik, sotrudnika, sotrudniki, patsient, patsienty, pokupatel, ' +
    '顧客, お客様, 会員, 社員, 従業員, 患者, 利用者, ユーザー, ユーザ, 学生, 生徒, kokyaku, kaiin, kanja, ' +
    '用户, 用戶, 使用者, 客户, 客戶, 会员, 會員, 员工, 員工, 病人, 学员, 學生, 顾客, yonghu, kehu, huiyuan, yuangong, ' +
    '고객, 회원, 사용자, 직원, 환자, 사원, 학생, 이용자, gogaek, hoewon, sayongja',
  body: 'body, health, fitness, scale, vital, anthropometry, biometric, athlete, workout',
  device:
    'device, camera, sensor, bulb, thermostat, router, wifi, wlan, station, iot, gateway, eth, adapter, nic, phone, ' +
    'hardware, appareil, gerat, geraet, dispositivo, apparaat',
  auth:
    'auth, oauth, login, admin, root, db, database, smtp, imap, ftp, ssh, redis, mysql, postgres, api, app, client, ' +
    'account, google, facebook, slack, stripe, twilio, github, webhook, bot, reset, invite, remember, jenkins, mfa',
  money: 'card, bank, credit, debit, payment, tax',
};

/** Says what kind of place a whole index or table is, by one word of its name. Never used for a field. */
export const PRIORS: readonly (readonly [DataClass, string, string])[] = [
  ['contact', 'people', CONTEXTS.person],
  ['contact', 'people', 'account, lead, newsletter, signup, registration'],
  ['device', 'devices', 'device, camera, sensor, bulb, thermostat, iot, doorbell, hub'],
  ['credential', 'logins', 'session, login, credential, token, oauth, auth'],
  ['health', 'health', 'health, clinic, hospital, fitness, scale'],
  ['financial', 'payments', 'transaction, billing, payroll, bank'],
  ['business', 'orders', 'order, sale, crm, erp, supplier'],
  ['behaviour', 'activity', 'event, activity, analytic, click, visit, tracking'],
];

/** Head nouns that turn a name into a remark about the thing: counts, switches, rules, templates. */
export const VETO_HEADS =
  'count, counter, total, avg, average, sum, ratio, rate, percent, pct, status, state, verified, verification, ' +
  'confirmed, validated, valid, enabled, enable, disabled, flag, policy, regex, pattern, type, kind, version, ' +
  'template, schema, config, configuration, setting, length, len, size, limit, max, min, used, sent, received, ' +
  'recieved, opened, bounced, delivered, server, format, required, allowed, supported, strength, unit, subject, ' +
  'queue, provider, service, job, worker, handler, campaign, attempt, failure, error, retry, reset, rule, ' +
  'validator, parser, encoder, decoder, hint, label, placeholder, title, field, index, idx, position, order, ' +
  'theme, lifespan, expired, expiration, timeout, ttl, duration, preference, notification, permission, consent, opt, mode, source, ' +
  'blacklist, whitelist, allowlist, denylist, blocklist, range, pool, algorithm, algo, method, host, port, domain, ' +
  'usage, budget, quota, cost, price, threshold, interval, frequency, level, score, rank, group, role, category, ' +
  'library, module, plugin, class, test, check, stat, metric, column, protocol, scope, prompt, missing, changed, ' +
  'generator, manager, issuer, audience, plan, hook, handling, option, currency, precision, strategy, accuracy, width, ' +
  'px, ms, height, depth, offset, bytes, mb, kb, ' +
  // The same in the other languages: counts, states, kinds, versions.
  'anzahl, status, typ, zustand, versions, cantidad, estado, tipo, quantite, statut, quantidade, situacao, stato, quantita, ' +
  'aantal, soort, ilosc, liczba, stan, wersja, rozmiar, sayisi, adet, durum, durumu, turu, tipi, surum, ' +
  'количество, число, статус, тип, вид, версия, размер, длина, kolichestvo, chislo, tip, vid, versiya, razmer, dlina, ' +
  '有効期限, 期限, 有效期, 유효기간, 만료일, 件数, 数, 状態, 種別, 種類, 回数, 桁数, 有無, フラグ, ステータス, タイプ, kensuu, joutai, shubetsu, 数量, 状态, 狀態, 类型, ' +
  '類型, 次数, 次數, 长度, 長度, 是否, 格式, 总数, shuliang, zhuangtai, leixing, 수, 상태, 유형, 종류, 횟수, 건수, 길이, 형식, 개수, sangtae';

/** First words that do the same. */
export const VETO_STARTS =
  'is, has, num, number, count, max, min, total, avg, enable, enabled, disable, allow, require, can, should, show, ' +
  'hide, use, need, no, not, with, without, check, validate, missing, invalid, default, include, exclude, send, ' +
  'type, status, format, tipo, typ, estado, stato, statut, тип, статус, вид, anzahl, cantidad, quantidade, quantite, quantita, aantal, ilosc, liczba, количество, kolichestvo, 是否';

/** Those of the above that only say which amount of a measure. */
export const AMOUNTS = 'avg, average, mean, min, max, total, sum, rate, ratio, percent, pct, score, level, index, unit';

/** Where a secret is kept is not the secret. */
export const KEEPERS = 'path, file, filename, dir, directory, folder, arn, location, vault, ring';

/** Trailing words of a moment: when something happened to the thing, not the thing. */
export const MOMENTS =
  'at, on, date, time, timestamp, ts, expires, expiry, created, updated, modified, deleted, datetime, epoch, since, until';

/** Words that neither add nor take away. */
export const NEUTRAL =
  'value, val, raw, plain, plaintext, text, str, string, old, new, enc, encrypted, hashed, hash, masked, primary, ' +
  'secondary, main, data, info, list, array, tmp, temp, backup, bak, copy, prod, production, dev, staging, v, ' +
  'current, previous, prev, original, orig, table, tbl, index, collection, db, tb, keyword, the, of, de, du, des, la, le, ' +
  'el, del, da, do, di, della, van, von, der, my, all, id, ids, uuid, archive, snapshot, dump, detail, s, ' +
  '番号, 情報, 信息, 资料, 資料, 编号, 號碼, 号码, 정보, 번호, 값, данные, значение';

/** Stripped with the neutral words when the head noun is looked for: `email_template_name` is about a template. */
export const NAMING = 'name, key, code, ref, url, uri, link';

/** Whole phrases that mean something harmless and are read before any of the concepts. */
export const BENIGN =
  'primary key, foreign key, partition key, sort key, hash key, range key, routing key, public key, cache key, row key, ' +
  'object key, s3 key, registry key, time zone, timezone, race condition, data race, css class, mac os, macos, iphone, ' +
  'zip file, gzip, memory address, contract address, base address, camera pan, pan tilt, pan angle, gpio pin, pin number gpio, ' +
  'file name, filename, table name, column name, index name, class name, namespace, name space, host group, model weight, ' +
  'css weight, font weight, edge weight, max token, prompt token, completion token, token type, input token, output token, ' +
  'email address type, passage, message, package, interface, agenda, page height, image height, image width, line height, ' +
  'user count, user group, user role, user interface, csrf, csrf token, xsrf token, cell type, cell line, cell id, ' +
  'screen orientation, page orientation, image orientation, device orientation, vaccine storage, union type, union all, ' +
  'tree height, block height, child node, child process, child count, child id, parent id, minor version, ' +
  'health check, health status, health score, service health, cluster health, secret santa, session storage, ' +
  'fingerprint ssh, data model, view model, phone support, ip whitelist, search index, thread safe, passport js, token ring, ' +
  'payment required, postal service, contract test, contract testing, photo shop, home page, homepage, home dir, ' +
  'disk encryption, pass rate, pass count, pass through, passthrough, bypass, compass, test pass, dashboard, keyboard, ' +
  'keyword, hashtag, metadata, tokenizer, secretary, cardinality, certificate fingerprint, key fingerprint, ' +
  'email service, mail chimp, mailchimp, mail server, phone gap, signature version, video codec, audio codec, ' +
  'school bus, drug store, sex ratio, political map, religion count, allergy free, dna server, wallet app, salt lake, ' +
  'cloudwatch, cloud watch, root/block device, referrer policy, token id/name/symbol/uri/address/supply, nft token, ' +
  'resume/idempotency/next/continuation/page/pagination/cancellation/scroll/sync/task/lock/fencing token,  jwt alg, subnet id, payment gateway/term, income statement, ' +
  'net income, bonus point, injury time, password/token/account age, auth header name, credential id/provider, clip path, ' +
  'city hall, union station, address space, address bus, address family, network address translation';

/** Small words inside a phrase: `fecha_de_nacimiento` is `fecha nacimiento`. */
export const STOPS = 'of, de, du, des, di, da, do, del, della, van, von, la, le, el, the, の, お, и';

/** Usual shortenings, written out before anything is looked up: `acct_no` is `account number`. */
export const SHORT: Readonly<Record<string, string>> = {
  no: 'number',
  num: 'number',
  nr: 'number',
  nbr: 'number',
  conn: 'connection',
  acc: 'account',
  acct: 'account',
  addr: 'address',
  usr: 'user',
  cust: 'customer',
  emp: 'employee',
  ver: 'version',
  tok: 'token',
  mob: 'mobile',
  lic: 'license',
  nm: 'name',
  eml: 'email',
  phn: 'phone',
  fst: 'first',
  mbr: 'member',
  tkn: 'token',
  dt: 'date',
  ln: 'line',
  cd: 'code',
  amt: 'amount',
  adress: 'address',
  numero: 'number',
  nummer: 'number',
  numer: 'number',
  numarasi: 'number',
  nomer: 'number',
  номер: 'number',
};
