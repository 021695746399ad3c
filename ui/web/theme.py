"""The look that Gradio's own components take on; everything else is in assets/jihe.css, with the same colours."""

from __future__ import annotations

import gradio as gr

FONTS = ("Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei", "sans-serif")
"""Fonts of the visitor's machine; none is fetched."""
INK = gr.themes.Color(
    name="ink", c50="#f6f8fa", c100="#eef2f5", c200="#dfe5ea", c300="#c6d0d8", c400="#94a3af", c500="#667683", c600="#4c5a66",
    c700="#37434d", c800="#232d35", c900="#1b2733", c950="#111a22",
)  # fmt: skip
BLUE = gr.themes.Color(
    name="jihe", c50="#eaf4fb", c100="#d3e7f5", c200="#a9cfea", c300="#74b0da", c400="#3d8dc2", c500="#1a6fa8", c600="#0f5c8c",
    c700="#0c4a71", c800="#0b3d5d", c900="#0a334e", c950="#062133",
)  # fmt: skip


def make_theme() -> gr.themes.Base:
    """Quiet, flat, dense enough for tables of figures; light whatever the system prefers, as scans are light."""
    theme = gr.themes.Base(
        primary_hue=BLUE, secondary_hue=BLUE, neutral_hue=INK, radius_size="md", text_size="md", font=FONTS, font_mono=("monospace",)
    )
    light = {
        "body_background_fill": "#f4f6f8",
        "body_text_color": "*neutral_900",
        "block_background_fill": "#ffffff",
        "block_border_width": "1px",
        "block_border_color": "*neutral_200",
        "block_shadow": "none",
        "block_label_text_color": "*neutral_600",
        "input_background_fill": "#ffffff",
        "input_border_color": "*neutral_300",
        "button_primary_background_fill": "*primary_600",
        "button_primary_background_fill_hover": "*primary_700",
        "button_primary_text_color": "#ffffff",
        "button_secondary_background_fill": "#ffffff",
        "button_secondary_background_fill_hover": "*neutral_100",
        "button_secondary_border_color": "*neutral_300",
        "button_secondary_text_color": "*neutral_800",
        "table_even_background_fill": "#ffffff",
        "table_odd_background_fill": "*neutral_50",
        "link_text_color": "*primary_600",
    }
    # Every setting has a dark twin; giving it the light value keeps pages light.
    twins = {f"{name}_dark": value for name, value in light.items() if hasattr(theme, f"{name}_dark")}
    return theme.set(**light, **twins)
