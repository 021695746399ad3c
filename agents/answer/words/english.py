# ruff: noqa: E501 - tables of patterns
"""English words of names of projects, units and indicators, with what Chinese names say for them. Data only; beside schema.thesaurus."""

from __future__ import annotations

ENGLISH: dict[str, tuple[str, ...]] = {
    "attendance": ("出勤", "到岗"), "turnout": ("参与",), "participation": ("参与", "参加"), "member": ("党员", "人员"), "members": ("党员", "人员"), "repair": ("维修", "修复"), "repairs": ("维修", "修复"),
    "vulnerability": ("漏洞",), "vulnerabilities": ("漏洞",), "backup": ("备份",), "backups": ("备份",), "article": ("推文", "文章"), "views": ("阅读",), "readers": ("阅读",), "course": ("培训", "课程"),
    "replaced": ("换新", "更换"), "worn-out": ("旧",), "clothing": ("服装",), "vehicle": ("车辆",), "vehicles": ("车辆",), "license": ("证照",), "licences": ("证照",), "licenses": ("证照",), "certificate": ("证照", "证书"), "certificates": ("证照", "证书"),
    "negative": ("差评",), "rating": ("评价",), "ratings": ("评价",), "meeting": ("会议",), "meetings": ("会议",), "report": ("报告",), "reports": ("报告",), "expert": ("专家",), "experts": ("专家",), "hours": ("小时", "时长"), "time": ("时间", "时长"),
    "transport": ("交通",), "transportation": ("交通",), "education": ("教育",), "culture": ("文化",), "cultural": ("文化",), "tourism": ("旅游", "文旅"), "sports": ("体育",), "agriculture": ("农业",),
    "agricultural": ("农业",), "finance": ("财政", "金融"), "urban": ("城市", "城管"), "forestry": ("林业",), "housing": ("住房",), "civil affairs": ("民政",), "civil": ("民政",), "public security": ("公安",),
    "police": ("公安",), "environment": ("环境",), "environmental": ("环境",), "ecology": ("生态",), "market": ("市场",), "statistics": ("统计",), "audit": ("审计",), "veterans": ("退役军人",), "industry": ("工业",),
    "commerce": ("商务",), "justice": ("司法",), "natural resources": ("自然资源",), "resources": ("资源",), "hospital": ("医院",), "school": ("学校", "小学", "中学"), "university": ("大学",), "college": ("学院",),
    "institute": ("研究院", "研究所", "院"), "station": ("站",), "department": ("厅", "局", "部"), "agency": ("局", "办", "中心"), "administration": ("管理局", "局"), "authority": ("局", "委员会"),
    "people's": ("人民",), "news": ("新闻",), "books": ("书",), "book": ("书",), "new": ("新",), "bridge": ("桥",), "bridges": ("桥",), "bus": ("公交",), "buses": ("公交",), "students": ("学生",),
    "teachers": ("教师",), "teacher": ("教师",), "nutrition": ("营养",), "meals": ("餐",), "garbage": ("垃圾",), "waste": ("垃圾",), "checkup": ("体检", "检查"), "check-up": ("体检", "检查"), "vaccine": ("疫苗",),
    "visits": ("人次", "访问"), "visitors": ("来访", "人次"), "posts": ("推文",), "articles": ("推文", "文章"), "followers": ("粉丝",), "copies": ("份", "册"), "people": ("人",), "subsidy": ("补贴", "补助"), "subsidies": ("补贴", "补助"),
    "party building": ("党建",), "legal": ("法律",), "law": ("法律",), "lawyer": ("律师", "法律顾问"), "lawyers": ("律师",), "counsel": ("法律顾问",), "adviser": ("顾问",), "advisor": ("顾问",),
    "advisory": ("顾问", "咨询"), "service": ("服务",), "services": ("服务",), "commissioned": ("委托",), "research": ("研究", "课题"), "topics": ("课题",), "topic": ("课题",),
    "storage": ("存储",), "infrastructure": ("基础设施",), "cloud": ("云",), "network": ("网络", "外网"), "extranet": ("外网",), "intranet": ("内网",),
    "operation": ("运营", "运行"), "operations": ("运营", "运维", "运行"), "operating": ("运营",), "maintenance": ("运维", "维护", "养护"), "upkeep": ("养护", "管护"),
    "construction": ("建设",), "renovation": ("改造", "修缮"), "upgrade": ("升级",), "training": ("培训",), "party": ("党",), "building": ("建设", "党建"),
    "window": ("窗口",), "counter": ("窗口",), "counters": ("窗口",), "hall": ("大厅",), "parking": ("停车",), "ticket": ("票",), "tickets": ("票",), "free": ("免费",),
    "advertising": ("广告",), "publicity": ("宣传",), "promotion": ("推广", "宣传"), "courier": ("快递",), "express": ("快递",), "delivery": ("快递", "派送"),
    "disabled": ("残疾人", "残疾"), "disability": ("残疾人", "残疾"), "employment": ("就业",), "security": ("安全", "保障"), "fund": ("基金", "保障金", "资金"),
    "employees": ("雇员", "人员"), "staff": ("人员", "雇员"), "uniforms": ("服装", "识别服"), "uniform": ("服装", "识别服"), "media": ("媒体",), "new media": ("新媒体",),
    "platform": ("平台",), "system": ("系统",), "information": ("信息",), "data": ("数据",), "big data": ("大数据",), "digital": ("数字化",), "digitalisation": ("数字化",),
    "digitalization": ("数字化",), "management": ("管理",), "policy": ("政策",), "enterprise": ("企业",), "enterprises": ("企业",), "satisfaction": ("满意度",),
    "user": ("用户", "使用"), "users": ("用户", "使用"), "public": ("群众", "公众"), "visitor": ("来访", "来访客户"), "client": ("客户", "委托方"), "worker": ("工作人员",),
    "workers": ("工作人员",), "daily": ("日常",), "routine": ("日常",), "work": ("工作",), "expenses": ("经费", "费"), "expense": ("经费", "费"), "costs": ("成本", "费"), "fee": ("费",), "fees": ("费",),
    "special": ("专项",), "other": ("其他",), "consulting": ("咨询",), "assessment": ("评估", "测评"), "evaluation": ("评估",), "hardware": ("硬件",), "software": ("软件",),
    "administrative": ("行政",), "government": ("政府", "政务"), "affairs": ("政务",), "science": ("科学", "科技"), "technology": ("技术", "科技"), "center": ("中心",), "centre": ("中心",),
    "bureau": ("局",), "committee": ("委员会",), "commission": ("委员会",), "office": ("办公",), "inspection": ("巡检", "检查", "巡查"), "inspections": ("巡检", "检查", "巡查"),
    "frequency": ("次数", "频次"), "number": ("数", "数量"), "count": ("数", "数量"), "quantity": ("数量",), "rate": ("率",), "timeliness": ("及时",), "accuracy": ("准确",),
    "coverage": ("覆盖",), "completion": ("完成",), "acceptance": ("验收",), "failure": ("故障",), "faults": ("故障",), "fault": ("故障",), "response": ("响应",), "stability": ("稳定",),
    "availability": ("可用",), "energy": ("能耗",), "online": ("网办", "网上"), "property": ("物业",), "unit price": ("单价",), "price": ("单价", "价格"), "satellite": ("延伸",),
    "office sites": ("办公点",), "branch": ("分中心",), "sub-center": ("分中心",), "sub-centre": ("分中心",), "seals": ("公章",), "seal": ("公章",), "road": ("公路", "道路"), "roads": ("公路", "道路"),
    "rural": ("农村",), "reading": ("阅读",), "library": ("图书",), "water": ("水",), "forest": ("林",), "elderly": ("养老",), "relics": ("文物",), "heritage": ("文物",), "fire": ("消防",),
    "hotline": ("热线",), "emergency": ("应急",), "supplies": ("物资",), "reserve": ("储备",), "farmland": ("农田",), "park": ("公园",), "parks": ("公园",), "green": ("绿地", "绿化"),
    "health": ("卫生", "健康"), "vocational": ("职业",), "skills": ("技能",), "children": ("儿童",), "rehabilitation": ("康复",), "monitoring": ("监测",), "complaints": ("投诉",), "complaint": ("投诉",),
    "contract": ("合同",), "contracts": ("合同",), "review": ("审核", "审查"), "vaccination": ("接种",), "patrols": ("巡查", "巡检"), "events": ("活动",), "activities": ("活动",), "sessions": ("次数", "培训"),
}  # fmt: skip

UNIT_KINDS = "center|centre|bureau|commission|committee|office|department|administration|authority|agency|institute|library|hospital|school|college|university|station"
"""The last words of English names of units."""
_STOPS = (
    "the a an of by for in from at to on did does do has have had is are was were be all each every both its their this that these those with under which what how much "
    "many project projects form forms run runs implemented spent per between than"
)
UNIT_STOPS = frozenset(_STOPS.split())
"""Words that an English name of a unit does not go on over."""
