// Only what the page draws: every part that is not named here stays out of the bundle.
import { GaugeChart, LineChart, PieChart } from "echarts/charts";
import { GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([CanvasRenderer, GaugeChart, GridComponent, LineChart, MarkAreaComponent, MarkLineComponent, PieChart, TooltipComponent]);

// The Rust library `charming` calls `echarts.init`.
window.echarts = { init };
