/** Chinese words of the dictionary, simplified and traditional, and their pinyin. */
import type { Words } from '../dictionary.ts';

export const ZH: Words = {
  password:
    '密码, 密碼, 登录密码, 登入密碼, 登錄密碼, 用户密码, 支付密码, 交易密码, 密码哈希, 口令, 通行码, 通行碼, 暗号, 密码盐, mima, mi ma, yonghu mima, denglu mima, zhifu mima, kouling',
  'access token':
    '访问令牌, 存取權杖, 刷新令牌, 認證令牌, 认证令牌, 登录令牌, 訪問令牌, 授权码, 授權碼, 凭证, 憑證, 登录凭证, lingpai, fangwen lingpai',
  'api token': 'api密钥, api金鑰, 接口密钥, 应用密钥',
  'private key': '私钥, 私鑰, 密钥, 密鑰, 金鑰, 秘钥, 秘鑰, 加密密钥, 签名密钥, 助记词, siyao, miyao',
  'one-time code': '验证码, 驗證碼, 短信验证码, 动态口令, 動態密碼, yanzhengma',
  'security answer': '密保问题, 密保答案, 安全问题, 安全問題, 安全答案, mibao wenti',
  session: '会话令牌, 会话标识, 會話令牌',
  email:
    '邮箱, 電郵, 电邮, 邮箱地址, 电子邮箱, 电子邮件, 電子郵件, 電子郵箱, 電子信箱, 信箱, 郵箱, 邮件地址, 電郵地址, 邮箱账号, 联系邮箱, youxiang, dianzi youxiang, dianzi youjian, youxiang dizhi',
  phone:
    '手机, 手機, 手机号, 手机号码, 手機號, 手機號碼, 电话, 電話, 电话号码, 電話號碼, 联系电话, 聯絡電話, 聯繫電話, 移动电话, 行動電話, 家庭电话, 座机, 传真, 傳真, 固定电话, 紧急联系人电话, 联系方式, 聯絡方式, 聯繫方式, 固话, 公司电话, 微信号, 住家電話, 市話, shouji, shoujihao, shouji hao, shoujihaoma, dianhua, dianhua haoma, dianhuahaoma, lianxi dianhua, lianxidianhua, lianxifangshi, lianxi fangshi',
  'personal name':
    '姓名, 真实姓名, 名字, 姓氏, 姓, 中文名, 英文名, 全名, 客户姓名, 联系人, 聯絡人, 收货人, 收貨人, 收件人, 联系人姓名, 紧急联系人, 緊急聯絡人, 持卡人姓名, 曾用名, 国籍, 國籍, 真實姓名, 员工姓名, 患者姓名, 客户名称, 客戶姓名, 收件人姓名, 籍贯, 籍貫, 会员姓名, 用户姓名, xingming, xing ming, zhenshi xingming, mingzi, lianxiren, shouhuoren, kehu xingming, guoji, jiguan',
  username:
    '用户名, 用戶名, 登录名, 用户名称, 账号名, 帳號名稱, 使用者名稱, 登录账号, 登入帳號, 用户账号, 账号, 帳號, 账户名, yonghuming, yonghu ming, denglu ming, dengluming, zhanghao, yonghu zhanghao',
  nickname: '昵称, 暱稱, 花名, 网名, nicheng, wangming',
  'date of birth':
    '出生日期, 生日, 出生年月, 出生年份, 出生时间, 出生年月日, shengri, chusheng riqi, chushengriqi, chusheng nianyue',
  age: '年龄, 年齡, nianling',
  gender: '性别, 性別, xingbie',
  'home address':
    '地址, 住址, 家庭地址, 家庭住址, 收货地址, 收貨地址, 通讯地址, 通訊地址, 居住地址, 户籍地址, 戶籍地址, 送货地址, 送貨地址, 详细地址, 邮寄地址, 联系地址, 聯絡地址, 公司地址, 居住地, 所在地, 门牌号, 街道, 街道地址, 户口所在地, 出生地, 常住地址, 現居地, 现居地, 街道門牌, 所在城市, dizhi, zhuzhi, jiating dizhi, jiating zhuzhi, shouhuo dizhi, tongxun dizhi, xiangxi dizhi, jiatingzhuzhi, chushengdi',
  postcode: '邮编, 邮政编码, 郵遞區號, 郵政編碼, 邮政区号, 郵編, youbian, youzheng bianma, youzhengbianma',
  city: '城市, 省份, 区县, 县市, 國家, 国家, chengshi, shengfen',
  coordinates:
    '经度, 纬度, 經度, 緯度, 经纬度, 經緯度, 位置信息, 位置資訊, 定位, 坐标, 座標, 地理位置, 定位信息, 当前位置, 行踪, 轨迹, 行程轨迹, jingdu, weidu, jingweidu, zuobiao, dili weizhi',
  'national id':
    '身份证, 身份证号, 身份证号码, 身分證, 身分證字號, 身分證號, 身分證號碼, 身份證, 身份證號, 身份證號碼, 证件号, 证件号码, 證件號碼, 證件號, 公民身份号码, 居民身份证, 居留证, 居留證, 港澳通行证, 居住证, 军官证, 户口本, 戶口名簿, shenfenzheng, shenfenzhenghao, shenfenzheng hao, shenfenzheng haoma, shenfen zheng, shenfenzhenghaoma, zhengjian hao, zhengjianhao, zhengjian haoma, sfzh, sfz',
  'social security number':
    '社保号, 社保号码, 社会保障号, 社保卡号, 社會保險號碼, 健保卡號, 医保卡号, 公积金账号, shebao hao, shebaohao',
  'tax id': '税号, 稅號, 纳税人识别号, 統一編號, 纳税人号, shuihao, nashuiren shibiehao',
  passport: '护照, 护照号, 护照号码, 護照, 護照號, 護照號碼, huzhao, huzhaohao, huzhao hao, huzhao haoma',
  'driving licence':
    '驾驶证, 驾驶证号, 驾照, 駕照, 駕駛執照, 驾照号, 车牌, 车牌号, 車牌, 車牌號, 车牌号码, 車牌號碼, 行驶证, jiashizheng, jiazhao, chepai, chepaihao',
  'bank account':
    '银行账号, 银行账户, 银行卡, 银行卡号, 銀行帳號, 銀行帳戶, 开户行, 开户名, 账户余额, 銀行卡號, 卡号, 卡號, 账户号, 余额, 开户银行, 收款账号, 支付宝账号, 對公帳號, yinhangka, yinhangkahao, yinhang kahao, yinhang zhanghao, yinhangzhanghao, kahao, kaihuhang',
  'card number':
    '信用卡, 信用卡号, 信用卡號, 信用卡卡号, 持卡人, 借记卡, 信用卡號碼, 信用卡号码, xinyongka, xinyongka hao, xinyongkahao, chikaren',
  'card code': '安全码, 安全碼, 卡片有效期, 信用卡有效期',
  salary:
    '工资, 工資, 薪资, 薪資, 薪水, 收入, 年收入, 月收入, 月薪, 年薪, 薪酬, 奖金, 獎金, 基本工资, 所得, 家庭收入, 信用分, gongzi, xinzi, shouru, nianshouru, yuexin, xinshui, nianxin',
  invoice: '发票, 發票, 发票号, 發票號碼, 发票号码, fapiao',
  payment: '支付方式, 付款方式, 支付账号, 付款信息',
  insurance: '保单号, 保單號碼, 保险单号, 保单号码',
  diagnosis:
    '诊断, 診斷, 诊断结果, 疾病, 疾病名称, 症状, 症狀, 病史, 病情, 既往病史, 怀孕, 懷孕, 残疾, 殘疾, 主诉, 过往病史, 既往史, 家族病史, 慢性病, 病症, 残疾证, zhenduan, jibing, bingshi, zhengzhuang, bingqing',
  medication:
    '药物, 藥物, 用药, 用藥, 处方, 處方, 疫苗, 药品名称, 疫苗接种, 服药, 用药史, 藥品, yaowu, chufang, yongyao, yimiao',
  vitals: '血型, 血压, 血壓, 心率, 血糖, 体温, 體溫, 脉搏, 血氧, xuexing, xueya, xinlv, xuetang, tiwen',
  'body metrics':
    '身高, 体重, 體重, 体脂, 体脂率, 體脂率, 骨密度, 腰围, 身高体重, 肌肉量, 体质指数, shengao, tizhong, tizhi lv, tizhilv',
  allergy: '过敏, 過敏, 过敏史, 過敏史, 过敏原, guomin, guominshi',
  'medical record':
    '病历, 病歷, 病历号, 病歷號, 电子病历, 体检报告, 检查结果, 检验结果, 健康状况, 健康狀況, 住院号, 门诊号, 体检结果, 就诊记录, 就诊卡号, 病案号, 健康档案, binglihao, bingli, bingli hao, menzhenhao, zhuyuanhao, tijian baogao, jiankang zhuangkuang',
  patient: '患者编号, 病人编号, 患者id',
  genetics: '基因, 遗传信息, 基因序列',
  biometrics: '指纹, 指紋, 人脸, 人臉, 人脸特征, 虹膜, 声纹, 聲紋, 面部特征, 人脸图片, zhiwen, renlian',
  religion: '宗教, 宗教信仰, 信仰, zongjiao, zongjiao xinyang',
  ethnicity: '民族, 种族, 種族, 族群, minzu, zhongzu',
  politics: '政治面貌, 政党, 政黨, 政治立场, 党派, 黨派, 入党时间, zhengzhi mianmao, dangpai',
  orientation: '性取向, 性傾向',
  union: '工会会员, 工會會員',
  'criminal record': '犯罪记录, 犯罪紀錄, 前科, 违法记录, 犯罪史',
  'marital status':
    '婚姻状况, 婚姻狀況, 婚姻, 职业, 職業, 配偶, 子女数, 婚否, 学历, 學歷, 配偶姓名, 职务, hunyin, hunyin zhuangkuang, zhiye, peiou, xueli',
  photo: '头像, 頭像, 照片, 个人照片, 身份证照片, 证件照, 人脸照片, 大頭照, touxiang, zhaopian',
  recording: '录音, 錄音, 通话录音, 通話錄音, 录像, luyin, luxiang',
  'ip address': 'ip地址, ip位址, 登录ip, 登入ip, 注册ip, 客户端ip, ip dizhi',
  'mac address': 'mac地址, mac位址, 物理地址, mac dizhi',
  'wi-fi network ssid': '无线名称, wifi名称, 無線網路名稱, wifi密码名称, 热点名称',
  'serial number': '序列号, 序號碼, 设备序列号, 裝置序號, 產品序號, xuliehao',
  'device id': '设备号, 设备id, 设备编号, 裝置id, 设备标识, 設備編號, 设备唯一标识, shebeihao, shebei id',
  'device model': '设备型号, 手机型号, 裝置型號, 手機型號',
  'social account': '微信, 微信openid, 微信昵称, 微博账号, qq号, qq号码, 支付宝, weixin, weixinhao, qq hao',
  'login times':
    '最后登录时间, 登录时间, 最近登录, 最後登入, 登入時間, 上次登录时间, 最后登录, 最近登录时间, 最後登入時間, 在线时间, denglu shijian, zuihou denglu, zuihoudenglu',
  'activity history':
    '浏览记录, 搜索记录, 购买记录, 瀏覽紀錄, 搜尋紀錄, 通话记录, 聊天记录, 购物记录, 消费记录, 通話紀錄',
  'child data':
    '孩子姓名, 儿童姓名, 子女姓名, 宝宝姓名, 孩子生日, 兒童姓名, 宝宝生日, 学生姓名, 學生姓名, 幼儿姓名, haizi xingming, xuesheng xingming',
  guardian:
    '监护人, 監護人, 监护人姓名, 家长, 家長, 家长姓名, 家长电话, 監護人姓名, 父亲姓名, 母亲姓名, jianhuren, jiazhang',
  school: '学校, 學校, 学校名称, 幼儿园, 班级, 就读学校, 學校名稱, xuexiao, youeryuan',
  contract: '合同, 合同编号, 合同号, 合約編號',
  token: '令牌',
};
