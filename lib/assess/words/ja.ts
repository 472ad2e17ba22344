/** Japanese words of the dictionary and their usual spellings in Latin letters. */
import type { Words } from '../dictionary.ts';

export const JA: Words = {
  password:
    'パスワード, パスワードハッシュ, ログインパスワード, パスフレーズ, 合言葉, pasuwaado, pasuwado, pasuwādo, passwaado',
  pin: '暗証',
  'one-time code':
    '暗証番号, 認証コード, 確認コード, ワンタイムパスワード, anshou bangou, ansho bango, anshoubangou, 認証番号',
  'access token': 'アクセストークン, リフレッシュトークン, 認証トークン, 認証情報, 認証キー',
  'api token': 'apiキー, apiトークン, apiシークレット',
  'private key': '秘密鍵, 秘密キー, 暗号鍵, シークレットキー, himitsukagi, 暗号化キー',
  'security answer': '秘密の質問, 秘密の答え, 秘密の質問の答え',
  session: 'セッションid, セッショントークン',
  email:
    'メールアドレス, メアド, メール, 電子メール, eメール, eメールアドレス, 連絡先メール, meeru adoresu, meru adoresu, meeruadoresu, denshi meeru',
  phone:
    '電話番号, 電話, 携帯電話, 携帯番号, 携帯電話番号, 携帯, 自宅電話, 連絡先電話番号, ファックス番号, 緊急連絡先, 連絡先, denwa, denwa bangou, denwa bango, denwabangou, denwabango, keitai, keitai denwa, keitai bangou, renrakusaki',
  'personal name':
    '氏名, 姓名, 名前, 姓, 名, 名字, 苗字, お名前, フルネーム, フリガナ, ふりがな, カナ氏名, 氏名カナ, 氏名漢字, 姓カナ, 名カナ, 漢字氏名, 会員名, 顧客名, 患者名, 社員名, 受取人名, 宛名, 担当者名, 国籍, 旧姓, 従業員名, お客様名, 利用者名, shimei, namae, myouji, sei mei, onamae, furigana, shimei kana, kokuseki, kokyaku mei',
  name: 'なまえ',
  username: 'ユーザー名, ユーザ名, ログイン名, ユーザーネーム, ログインid, ユーザーid名, yuuzaa mei, yuza mei',
  nickname: 'ニックネーム, 愛称, あだ名, ハンドルネーム, 表示名',
  'date of birth': '生年月日, 誕生日, 生まれ年, 出生日, 生年, seinengappi, seinen gappi, tanjoubi, tanjobi, 出生年月日',
  age: '年齢, nenrei',
  gender: '性別, seibetsu',
  'home address':
    '住所, 自宅住所, 現住所, 配送先住所, お届け先住所, 請求先住所, 番地, 市区町村, 都道府県, 町名, 建物名, 住所1, 住所2, 送付先, 配送先, お届け先, 本籍, 本籍地, 出生地, 勤務先住所, juusho, jusho, genjuusho, todoufuken, shikuchouson, banchi',
  postcode: '郵便番号, yuubin bangou, yubin bango, yuubinbangou, yubinbango',
  coordinates: '緯度, 経度, 位置情報, 座標, 現在地, 緯度経度, ido keido, ichi jouhou, ichi joho',
  'national id':
    'マイナンバー, 個人番号, 身分証, 身分証番号, 身分証明書, 住民票, 住民票コード, 在留カード番号, 在留カード, 基礎年金番号, mainanbaa, kojin bangou, kojin bango',
  'social security number': '年金番号, 社会保険番号, 雇用保険番号, nenkin bangou',
  'tax id': '納税者番号, 税務番号',
  passport: 'パスポート, パスポート番号, 旅券番号, 旅券, pasupooto, pasupooto bangou, ryoken bangou',
  'driving licence':
    '運転免許証, 運転免許, 免許証番号, 免許証, 運転免許証番号, 車両番号, ナンバープレート, menkyoshou, unten menkyo',
  'bank account':
    '口座番号, 銀行口座, 口座, 口座名義, 口座名義人, 支店番号, 振込先, 銀行名, 口座残高, 残高, kouza bangou, koza bango, ginkou kouza',
  'card number':
    'カード番号, クレジットカード, クレジットカード番号, カード名義, カード名義人, クレカ番号, クレカ, kaado bangou, kurejitto kaado',
  'card code': 'セキュリティコード, カード有効期限',
  salary: '給与, 給料, 年収, 月収, 月給, 基本給, 賞与, 所得, 年俸, kyuuyo, kyuryo, nenshuu, nenshu, kyuuryou',
  invoice: '請求書, 請求書番号, 請求額',
  payment: '支払方法, 決済情報, 決済方法',
  insurance: '保険証番号, 保険証, 被保険者番号, 保険者番号, 証券番号, hokenshou bangou',
  diagnosis:
    '診断, 診断名, 病名, 病気, 傷病名, 症状, 既往歴, 病歴, 障害者手帳, 障害等級, 妊娠, 疾患, byoumei, shindan, byoureki, kiourek, shoujou',
  medication: '処方箋, 処方, 投薬, 服薬, 薬剤名, 服用薬, 予防接種, ワクチン接種, お薬, shohousen',
  vitals: '血液型, 血圧, 心拍数, 脈拍, 体温, 血糖値, ketsuekigata, ketsuatsu, taion',
  'body metrics':
    '身長, 体重, 体脂肪率, 体脂肪, 身長体重, 骨密度, 筋肉量, 胸囲, 腹囲, shinchou, shincho, taijuu, taiju, taishibou',
  allergy: 'アレルギー, アレルギー情報, arerugii',
  'medical record':
    'カルテ, カルテ番号, 診療記録, 検査結果, 健康診断, 診察券番号, 健康状態, 通院歴, karute, karute bangou',
  patient: '患者番号, 患者id',
  genetics: '遺伝子, 遺伝情報',
  biometrics: '指紋, 顔認証, 生体認証, 虹彩, 声紋, shimon',
  religion: '宗教, 信仰, 宗派, shuukyou, shukyo',
  ethnicity: '民族, 人種, jinshu, minzoku',
  politics: '政治的見解, 支持政党, 政党',
  union: '労働組合, 組合員, 組合加入',
  orientation: '性的指向, 性自認',
  'criminal record': '犯罪歴, 前科, 逮捕歴, 犯罪経歴',
  'marital status': '婚姻状況, 配偶者, 職業, 未婚既婚, 扶養家族, 配偶者名, 続柄, shokugyou, haiguusha',
  photo: '顔写真, 写真, プロフィール写真, プロフィール画像, アバター, kaojashin, shashin',
  recording: '通話録音, 録音, 録画, 音声データ',
  'ip address': 'ipアドレス, アクセス元ip, 接続元ip',
  'mac address': 'macアドレス',
  'serial number': 'シリアル番号, 製造番号',
  'device id': '端末id, デバイスid, 端末番号, 端末識別番号',
  'device model': '機種名, 端末名',
  'login times': '最終ログイン, ログイン日時, 最終ログイン日時, 最終アクセス日時, 最終アクセス, saishuu roguin',
  'activity history': '閲覧履歴, 検索履歴, 購入履歴, 行動履歴, 購買履歴, 通話履歴, 利用履歴',
  'child data': '子供の名前, お子様の名前, 子の氏名, 児童名, 園児名, お子様名, 児童氏名, 子供名, 生徒名, 生徒氏名',
  guardian: '保護者, 保護者名, 保護者氏名, 親権者, hogosha',
  school: '学校名, 学校, 学年, 幼稚園, 保育園, gakkou, gakkou mei',
  contract: '契約書, 契約番号',
  token: 'トークン',
};
