"""Places of China, to tell a question about a place without forms from one about a thing. Data only."""

from __future__ import annotations

import re

_PROVINCES = (
    "北京 天津 河北 山西 内蒙古 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 广西 海南 重庆 四川 贵州 云南 西藏 "
    "陕西 甘肃 青海 宁夏 新疆 香港 澳门 台湾 上海"
)
_CITIES = (
    "石家庄 太原 沈阳 大连 长春 哈尔滨 南京 苏州 无锡 常州 杭州 宁波 温州 合肥 福州 厦门 南昌 济南 青岛 郑州 武汉 长沙 广州 深圳 南宁 海口 "
    "成都 贵阳 昆明 拉萨 西安 兰州 西宁 银川 乌鲁木齐 呼和浩特 东莞 佛山 珠海 烟台 徐州 南通 嘉兴 绍兴"
)
_SHANGHAI = "浦东 黄浦 徐汇 长宁 静安 普陀 虹口 杨浦 闵行 宝山 嘉定 金山 松江 青浦 奉贤 崇明"
_TAIL = r"(?:特别行政区|自治区|新区|省|市|区)?"

PLACES = tuple(f"{_PROVINCES} {_CITIES} {_SHANGHAI}".split())
KNOWN = re.compile(rf"(?:{'|'.join(sorted(PLACES, key=len, reverse=True))}){_TAIL}")
"""A known place, however its kind is told."""
NO_PLACE = re.compile(
    r"(?:地|社|小|园|辖|全|各|街|城|郊|景|校|灾|山|片|本|该|哪个|哪些|哪几个|几个|每个|一个|两个|四个|三个|市辖|老|新|其他|其它|那个|这个|同)(?:区|县|市|省)"
    r"|[的和与在是把从给对向了里个些各几几哪每有做]|超市|上市|节省|城市|都市|股市|楼市|门市|发展|工业|开发|示范"
)
"""What ends like a place and is none."""
BEFORE = "的和与跟及或在是把给对向问查看下说比于由从到讲有、"
"""What stands right before a place inside a sentence; after any other character its name would not begin."""
