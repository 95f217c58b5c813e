// The charts of the history once more, as SVG: loaded only when somebody saves one, so that no other page pays for it.
import { LineChart } from "echarts/charts";
import { GridComponent, MarkAreaComponent, MarkLineComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([SVGRenderer, GridComponent, LineChart, MarkAreaComponent, MarkLineComponent]);

window.echartsSvg = { init };
