/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_REPORT_WORDS_LIST_H
#define LTV_SIM_CLI_REPORT_WORDS_LIST_H

/* Everything that a report says, in English and in Japanese: the one place to change a wording or
 * to look for what a language lacks. {blanks} are filled in. A test holds both languages to the
 * same blanks. */

/* clang-format off */
#define LTV_WORDS(X) \
    /* the frame */ \
    X(SKIP, "Skip to the report", "本文へ移動") \
    X(CONTENTS, "Contents", "目次") \
    X(SHOW_TABLE, "Show the numbers as a table", "数値を表で見る") \
    X(NO_SCRIPT, "Charts need JavaScript. Their numbers stand in the tables below each.", \
      "グラフの表示には JavaScript が必要です。数値は各グラフの下の表で確認できます。") \
    X(MADE_BY, "Made by ltvsim {version}, a Monte Carlo simulation of customer lifetime value.", \
      "ltvsim {version}（顧客生涯価値のモンテカルロ・シミュレーション）で作成") \
    X(ACTIONS, "Save this chart", "グラフを保存") \
    X(SAVE_SVG, "Save as SVG", "SVG で保存") \
    X(SAVE_PNG, "Save as PNG", "PNG で保存") \
    X(SAVE_SOURCE, "Save the source (Vega-Lite)", "ソースを保存（Vega-Lite）") \
    X(WARNING, "Warning:", "注意:") \
    X(TERMS, "{currency} · {common} · {customers} customers simulated", \
      "{currency} · {common} · 顧客{customers}人をシミュレーション") \
    X(TERMS_DRAWS, "{currency} · {common} · {draws} draws of {customers} customers simulated", \
      "{currency} · {common} · 不確実な前提を{draws}通り × 顧客{customers}人をシミュレーション") \
    X(FOOTER, "{horizon} · {discounting} · {margin}{separator}{more}", \
      "{horizon} · {discounting} · {margin}{separator}{more}") \
    X(DISCOUNTED, "discounted at {rate} a year", "割引率 年{rate}") \
    X(NOT_DISCOUNTED, "no discounting", "割引なし") \
    X(MARGIN, "gross margin {margin}{offers}{arms}", "粗利率{margin}{offers}{arms}") \
    X(MARGIN_ON_AVERAGE, "gross margin {margin} on average over draws{offers}{arms}", "粗利率 平均{margin}{offers}{arms}") \
    X(OWN_MARGINS, ", some offers their own", "（一部の商品は個別）") \
    X(ARMS_OWN_MARGINS, ", some arms their own", "（一部の案は個別）") \
    X(AGAINST, "{arm} against {against}", "{arm}（対{against}）") \
    /* sections */ \
    X(SECTION_ANSWER, "The answer", "結論") \
    X(SECTION_FIGURES, "Headline figures", "主要指標") \
    X(SECTION_DISTRIBUTION, "LTV from customer to customer", "顧客ごとの LTV の分布") \
    X(SECTION_RETENTION, "Retention", "継続率") \
    X(SECTION_PAYBACK, "Payback", "CAC の回収") \
    X(SECTION_REVENUE, "Revenue per customer", "顧客あたり売上") \
    X(SECTION_CONTRASTS, "What changes", "施策・案の効果") \
    X(SECTION_SENSITIVITY, "What matters most", "感度分析") \
    X(SECTION_BRIDGE, "Where the difference comes from", "差の要因分解") \
    X(SECTION_HURDLES, "How likely is a return?", "ROI が目標を超える確率") \
    X(SECTION_GROUPS, "Retention by segment and channel", "セグメント・チャネル別の継続率") \
    X(SECTION_DEFINITIONS, "Definitions and method", "定義と方法") \
    /* answers */ \
    X(ASK_WORTH, "What is a customer worth?", "顧客1人の価値はいくらか？") \
    X(ASK_WORTH_IN, "{arm}: what is a customer worth?", "{arm}: 顧客1人の価値はいくらか？") \
    X(WORTH, "A customer brings {ltv} in {horizon}.", "顧客1人の LTV は{horizon}で{ltv}です。") \
    X(WORTH_NO_PAYBACK, "A customer brings {ltv} in {horizon}, {ratio} times the CAC; no payback in that time.", \
      "顧客1人の LTV は{horizon}で{ltv}、CAC の{ratio}倍です。この期間では回収できません。") \
    X(WORTH_PAYBACK, "A customer brings {ltv} in {horizon}, {ratio} times the CAC; payback in {payback}.", \
      "顧客1人の LTV は{horizon}で{ltv}、CAC の{ratio}倍です。{payback}に回収できます。") \
    X(ASK_FUND, "Fund {arm}?", "{arm}に投資すべきか？") \
    X(ASK_FUND_RATHER, "Fund {arm} rather than {against}?", "{against}より{arm}に投資すべきか？") \
    X(NO_DIFFERENCE, "It makes no difference", "差はありません") \
    X(TOO_CLOSE, "Too close to call", "判断できません（僅差）") \
    X(NO, "No", "いいえ") \
    X(LIKELY_NO, "Likely no", "おそらくいいえ") \
    X(OPEN, "Open", "どちらとも言えません") \
    X(LIKELY_YES, "Likely yes", "おそらくはい") \
    X(YES, "Yes", "はい") \
    X(OF_CUSTOMERS, "for {n} customers", "顧客{n}人の合計") \
    X(PER_CUSTOMER, "per customer", "顧客1人あたり") \
    X(VERDICT, "{verdict}: net gain {gain} {per}.", "{verdict}。純益は{per}で{gain}です。") \
    X(VERDICT_CHANCE, "{verdict}: net gain {gain} {per}; P(ROI > 0) {chance}.", \
      "{verdict}。純益は{per}で{gain}、ROI がプラスになる確率は{chance}です。") \
    X(GAIN_LIMITS, "What we don't know: 90 % {limits}.", "前提の不確実性による90 %区間は{limits}です。") \
    X(GAIN_NOISE, "Simulation noise: {noise} (95 %).", "シミュレーション誤差は{noise}（95 %）です。") \
    X(ROI_PAYBACK, "ROI {roi}; pays back in {payback}.", "ROI {roi}、{payback}に回収します。") \
    X(ROI_AT_ONCE, "ROI {roi}; pays back at once.", "ROI {roi}、すぐに回収します。") \
    X(ROI_NO_PAYBACK, "ROI {roi}; no payback in {horizon}.", "ROI {roi}、{horizon}では回収できません。") \
    X(CASH, "Needs {cash} up front.", "先行して{cash}の資金が必要です。") \
    X(DEADWEIGHT, "Deadweight: {share} of the cost goes to customers whom it does not change.", \
      "費用の{share}は行動が変わらない顧客に使われます（死荷重）。") \
    X(BREAK_EVEN, "{name}: {note}.", "{name}: 純益がちょうどゼロになるのは、効果の倍率が{value}のときです。") \
    X(BREAK_EVEN_SHARE, "{name}: {note}.", "{name}: 純益がちょうどゼロになるのは、割合が{share}のときです。") \
    X(ASK_DIFFERENCE, "What does {arm} bring more than {against}?", "{against}に比べて{arm}は何が変わるか？") \
    X(DIFFERENCE, "LTV {change} per customer.", "顧客1人あたりの LTV は{change}です。") \
    X(ASK_BEST, "Which arm is best?", "どの案が最も良いか？") \
    X(MOST, "{arm} brings most: {ltv} per customer.", "{arm}の LTV が最も高く、顧客1人あたり{ltv}です。") \
    X(MOST_LEFT, "{arm} has the highest LTV, {ltv} per customer; but after CAC and fixed costs of programmes {best} brings most: {left} per customer.", \
      "LTV は{arm}が最も高く、顧客1人あたり{ltv}です。ただし CAC と施策の固定費を差し引くと、{best}が最も高く、顧客1人あたり{left}です。") \
    X(BEST, "{arm}: {ltv} per customer, and best with a probability of {chance}.", \
      "{arm}（顧客1人あたり{ltv}）。最も良い確率は{chance}です。") \
    X(ASK_TEST, "Test {arm} first?", "先に{arm}をテストすべきか？") \
    X(TEST_PAYS, "Yes: with {n} customers in each group a test brings {benefit} more than it costs.", \
      "はい。各群{n}人のテストは、費用を差し引いて{benefit}の価値があります。") \
    X(TEST_DOES_NOT_PAY, "No: no test would bring more than it costs.", \
      "いいえ。どの規模のテストも費用に見合いません。") \
    /* figures */ \
    X(FIGURE, "Figure", "指標") \
    X(FIGURES_DRAWS, "[low, high]: what we don't know about the inputs, 90 % over draws.", \
      "[下限, 上限]: 前提の不確実性（パラメータ）による90 %区間") \
    X(FIGURES_NOISE, "±: simulation noise (Monte Carlo), 95 %. No input is uncertain, so there is no forecast interval.", \
      "±: シミュレーション誤差（モンテカルロ、95 %）。不確実な前提がないため予測区間はありません。") \
    X(NOT_WITHIN_HORIZON, "not within the horizon", "期間内に回収できない") \
    X(LTV_CAC_OF, "LTV/CAC, {channel}", "LTV/CAC（{channel}）") \
    /* distributions */ \
    X(DISTRIBUTION, "LTV of one customer", "顧客1人の LTV") \
    X(DISTRIBUTION_OF, "LTV of one customer: {arm}", "顧客1人の LTV: {arm}") \
    X(DISTRIBUTION_SAYS, "Half of the customers bring less than {median}; the mean is {mean}.", \
      "顧客の半数の LTV は{median}未満で、平均は{mean}です。") \
    X(DISTRIBUTION_SAYS_OF, "{arm}: half of the customers bring less than {median}; the mean is {mean}.", \
      "{arm}: 顧客の半数の LTV は{median}未満で、平均は{mean}です。") \
    X(OWN_AXES, "The arms differ so much that each picture has an axis of its own: compare the amounts that are marked, not the shapes.", \
      "案ごとに金額の範囲が大きく異なるため、横軸はグラフごとに異なります。形ではなく、目印の金額を比べてください。") \
    X(BEYOND_PICTURE, "{footer} · {share} of customers beyond the picture, up to {most}", \
      "{footer} · 図の範囲外の顧客 {share}（最大{most}）") \
    X(MORE_ARMS, "Further arms are in the results file.", "その他の案は結果ファイルにあります。") \
    X(MORE_CONTRASTS, "Further comparisons are in the results file.", "その他の比較は結果ファイルにあります。") \
    X(SPREAD_CUSTOMERS, "± shown: customer spread, how one customer differs from the next.", \
      "示しているばらつき: 顧客間のばらつき") \
    X(SPREAD_CUSTOMERS_DRAWS, "Spread shown: one customer picked at random, for whom the inputs are not known exactly either.", \
      "示しているばらつき: 無作為に選んだ顧客1人（前提の不確実性を含む）") \
    X(SPREAD_PARAMETERS, "± shown: what we don't know about the inputs (parameters), 90 % over draws.", \
      "示しているばらつき: 前提（パラメータ）の不確実性、90 %区間") \
    X(SPREAD_DRAWS, "Spread shown: what we don't know about the inputs (parameters), over draws; the simulation's noise is taken out.", \
      "示しているばらつき: 前提（パラメータ）の不確実性（シミュレーション誤差は除去）") \
    X(SHARE_OF_CUSTOMERS, "share of customers", "顧客の割合") \
    X(SHARE_OF_DRAWS, "share of draws", "試行の割合") \
    X(QUANTILES, "mean and quantiles", "平均・分位点") \
    X(CAC_BLENDED, "CAC (blended)", "CAC（全チャネル平均）") \
    X(FOOT_BLENDED, "CAC blended over channels", "CAC は全チャネル平均") \
    X(FOOT_NO_CAC, "no CAC given", "CAC の指定なし") \
    X(FOOT_BY_CHANNEL, "CAC by channel", "CAC はチャネル別") \
    X(FOOT_BEFORE_CAC, "before CAC (blended and paid alike)", "CAC 控除前") \
    X(MEAN, "mean", "平均") \
    X(LTV_AXIS, "LTV before CAC ({currency})", "LTV（CAC 控除前、{currency}）") \
    X(FROM, "from", "以上") \
    X(TO, "to", "未満") \
    X(BINS, "Bars", "棒") \
    X(MARK, "mark", "目印") \
    X(MARKS, "Marks", "目印") \
    /* curves */ \
    X(RETENTION, "Share of customers who still pay", "継続して支払っている顧客の割合") \
    X(RETENTION_SAYS, "After {year}, {share} still pay; at the end of the horizon, {end}.", \
      "{year}後の継続率は{share}、期間の終わりでは{end}です。") \
    X(RETENTION_SAYS_END, "At the end of the horizon {end} still pay.", "期間の終わりの継続率は{end}です。") \
    X(RETENTION_SAYS_OF, "{arm}: after {year}, {share} still pay; at the end of the horizon, {end}.", \
      "{arm}: {year}後の継続率は{share}、期間の終わりでは{end}です。") \
    X(RETENTION_SAYS_END_OF, "{arm}: at the end of the horizon {end} still pay.", \
      "{arm}: 期間の終わりの継続率は{end}です。") \
    X(TENURE_AXIS, "tenure ({unit}s since joining)", "加入からの経過期間（{unit}）") \
    X(BILL_AXIS, "bills paid (one a {unit})", "支払回数（1{unit}に1回）") \
    X(ARM, "arm", "案") \
    X(LOWER, "lower 90 %", "90 %下限") \
    X(UPPER, "upper 90 %", "90 %上限") \
    X(CURVES, "Values of the curves", "曲線の値") \
    X(PAYBACK_OF, "Contribution so far against CAC: {arm}", "累積貢献利益と CAC: {arm}") \
    X(PAYBACK_ALL, "Contribution so far against CAC", "累積貢献利益と CAC") \
    X(PAYBACK_SAYS, "Where a line crosses its dotted CAC, the money spent on winning a customer has come back.", \
      "実線が点線（CAC）を超えた時点で、獲得費用を回収できています。") \
    X(CONTRIBUTION_AXIS, "discounted contribution so far ({currency})", "割引後の累積貢献利益（{currency}）") \
    X(CHANNEL, "channel", "チャネル") \
    X(CAC_OF, "CAC {name} {cac}", "CAC {name} {cac}") \
    X(CAC_ALONE, "CAC {cac}", "CAC {cac}") \
    X(REVENUE_JOINED, "Revenue per joined customer at each bill", "加入顧客1人あたりの請求ごとの売上") \
    X(REVENUE_PAYING, "Revenue per customer who still pays", "継続顧客1人あたりの売上") \
    X(REVENUE_AXIS, "revenue per joined customer ({currency})", "加入顧客1人あたり売上（{currency}）") \
    X(REVENUE_PAYING_AXIS, "revenue per paying customer ({currency})", "継続顧客1人あたり売上（{currency}）") \
    X(FIRST_BILL, "The first bill, {amount} per customer, is far above all later ones and beyond the pictures; the tables have it.", \
      "初回の請求（顧客1人あたり{amount}）はその後より大幅に大きいため、グラフの範囲外です（表にあります）。") \
    X(BY_SOURCE_OF, "Recurring revenue by plan and add-on: {arm}", "プラン・オプション別の経常売上: {arm}") \
    X(BY_SOURCE, "Recurring revenue by plan and add-on", "プラン・オプション別の経常売上") \
    X(BROUGHT_BY, "brought by", "内訳") \
    X(BASE_PRICE, "base price", "基本料金") \
    X(OTHER_SOURCES, "others", "その他") \
    X(FOOT_RECURRING, "before price_off, orders and CAC", "price_off 適用前、注文売上と CAC を含まない") \
    X(PLANS_OF, "Who holds which plan: {arm}", "プラン構成: {arm}") \
    X(PLANS, "Who holds which plan", "プラン構成") \
    X(ADD_ONS_OF, "Who holds which add-on: {arm}", "オプション契約率: {arm}") \
    X(ADD_ONS, "Who holds which add-on", "オプション契約率") \
    X(HOLDING_AXIS, "share of joined customers", "加入顧客に占める割合") \
    X(PLAN, "plan", "プラン") \
    X(ADD_ON, "add-on", "オプション") \
    X(UNDISCOUNTED, "undiscounted", "割引前") \
    X(FOOT_NO_MONEY, "shares of customers: discounting, margin and CAC play no part", "顧客の割合（割引・粗利率・CAC は関係しない）") \
    /* contrasts */ \
    X(DELTA_OF, "Change of LTV: {contrast}", "LTV の変化: {contrast}") \
    X(DELTA_AXIS, "change of LTV per customer ({currency})", "顧客1人あたり LTV の変化（{currency}）") \
    X(ROI_OF, "ROI: {contrast}", "ROI: {contrast}") \
    X(ROI_AXIS, "ROI (net gain ÷ programme cost)", "ROI（純益 ÷ 施策費用）") \
    X(MEAN_AND_LIMITS, "mean and 90 % limits", "平均・90 %区間") \
    X(NOTHING_GAINED, "nothing gained", "損益ゼロ") \
    X(GAIN_CURVE, "Gain so far per joined customer", "加入顧客1人あたりの累積効果") \
    X(GAIN_CURVE_AXIS, "discounted gain so far ({currency})", "割引後の累積効果（{currency}）") \
    X(GAIN_CURVE_SAYS, "Fixed costs are included. Where a line stays above zero, the change has paid back.", \
      "固定費を含みます。線がゼロを上回り続ける時点で回収済みです。") \
    X(COMPARISON, "comparison", "比較") \
    X(WHO_GAINS_OF, "Who gains: {contrast}. {advice} Fixed costs are left out; ± is simulation noise, 95 %.", \
      "誰に効くか: {contrast}（固定費を除く。± はシミュレーション誤差95 %）") \
    X(SEGMENT, "Segment", "セグメント") \
    X(CHANNEL_TITLE, "Channel", "チャネル") \
    X(SHARE_TITLE, "Share", "構成比") \
    X(DELTA_TITLE, "Change of LTV", "LTV の変化") \
    X(COST_TITLE, "Programme cost", "施策費用") \
    X(ROI_TITLE, "ROI", "ROI") \
    X(FOOT_GAIN, "gain of the LTV before CAC", "CAC 控除前の LTV の差") \
    /* sensitivity */ \
    X(TORNADO_OF, "Tornado: {figure}", "トルネード図: {figure}") \
    X(TORNADO_SAYS, "{base} with every input at its median; each bar moves one input to its 10th and 90th percentile.", \
      "すべての前提が中央値のとき{base}。各棒は前提を1つだけ10 %点・90 %点に動かした結果です。") \
    X(AT_P10, "input at its 10th percentile", "前提が10 %点のとき") \
    X(AT_P90, "input at its 90th percentile", "前提が90 %点のとき") \
    X(SPREAD_TORNADO, "Spread shown: what we don't know about the inputs, one at a time.", \
      "示しているばらつき: 前提の不確実性（1つずつ）") \
    X(INPUT, "input", "前提") \
    X(P10_OF_INPUT, "input at P10", "前提 P10") \
    X(P90_OF_INPUT, "input at P90", "前提 P90") \
    X(FIGURE_AT_P10, "figure at P10", "指標 P10") \
    X(FIGURE_AT_P90, "figure at P90", "指標 P90") \
    X(RANKS_OF, "Rank correlation with the inputs: {figure}", "前提との順位相関: {figure}") \
    X(RANKS_AXIS, "Spearman's rank correlation over draws", "スピアマンの順位相関（試行間）") \
    X(SPREAD_RANKS, "± shown: 95 % of the estimate from this many draws.", "示しているばらつき: 試行数による推定誤差（95 %）") \
    X(RANKS_HINT, "ltvsim sensitivity draws a tornado of the same scenario.", "ltvsim sensitivity でトルネード図を作成できます。") \
    X(FIGURE_OF, "{figure} of {arm}", "{arm}の{figure}") \
    /* bridges */ \
    X(DRIVERS_OF, "Change of LTV by driver: {contrast}", "LTV の変化の要因分解: {contrast}") \
    X(BRIDGE_OF, "From the spreadsheet's LTV to the simulated one: {arm}", "表計算の LTV からシミュレーションの LTV へ: {arm}") \
    X(BRIDGE, "From the spreadsheet's LTV to the simulated one", "表計算の LTV からシミュレーションの LTV へ") \
    X(STEP, "step", "要因") \
    X(AMOUNT, "amount", "金額") \
    X(RUNNING, "running total", "累計") \
    X(TOTAL, "total", "合計") \
    X(ADDS, "adds", "増加") \
    X(TAKES, "takes away", "減少") \
    X(CHANGE_OF_LTV, "change of LTV", "LTV の変化") \
    X(SIMULATED_LTV, "simulated LTV", "シミュレーションの LTV") \
    /* hurdles */ \
    X(HURDLES, "Probability that the ROI is at least h", "ROI が h 以上になる確率") \
    X(HURDLE_AXIS, "ROI wanted (h)", "目標 ROI（h）") \
    X(PROBABILITY_AXIS, "P(ROI ≥ h)", "P(ROI ≥ h)") \
    X(PROBABILITY, "probability", "確率") \
    /* groups */ \
    X(GROUPS, "Share of customers who still pay, by the group they joined in: {arm}", \
      "加入時のグループ別の継続率: {arm}") \
    X(GROUP, "group", "グループ") \
    X(ALL_CUSTOMERS, "all customers", "全顧客") \
    /* definitions */ \
    X(KINDS_TITLE, "Three kinds of ±", "3種類の ±") \
    X(KIND, "Kind", "種類") \
    X(WHAT_VARIES, "What varies", "何が変わるか") \
    X(SHRINKS_WITH, "Shrinks with", "小さくする方法") \
    X(KIND_CUSTOMERS, "Customer spread", "顧客間のばらつき") \
    X(KIND_CUSTOMERS_VARIES, "one customer to the next", "顧客ごとの違い") \
    X(KIND_CUSTOMERS_SHRINKS, "nothing: it is a fact", "小さくならない（事実）") \
    X(KIND_PARAMETERS, "Parameter uncertainty", "前提の不確実性") \
    X(KIND_PARAMETERS_VARIES, "the true churn, price, effect … over draws", "真の解約率・価格・効果など") \
    X(KIND_PARAMETERS_SHRINKS, "better data", "より良いデータ") \
    X(KIND_NOISE, "Monte Carlo error", "シミュレーション誤差") \
    X(KIND_NOISE_VARIES, "the simulation's own noise", "シミュレーション自体の乱数") \
    X(KIND_NOISE_SHRINKS, "more customers or draws", "顧客数・試行数を増やす") \
    X(DEFINITIONS_TITLE, "What the figures mean", "指標の定義") \
    X(DEFINITION, "Definition: formula, per whom, over which time", "定義（計算式・分母・時点）") \
    X(UNIT, "Unit", "単位") \
    X(NAME_IN_FILE, "In the results file", "結果ファイルでの名前") \
    X(METHOD_TITLE, "How it was made", "作成条件") \
    X(ITEM, "Item", "項目") \
    X(VALUE, "Value", "値") \
    X(ITEM_HORIZON, "Horizon", "期間") \
    X(ITEM_PAYMENT, "Bills are paid", "支払時点") \
    X(PAID_ADVANCE, "in advance, at the start of each period", "各期間の期首（前払い）") \
    X(PAID_MID, "in mid-period", "各期間の中央") \
    X(PAID_ARREARS, "in arrears, at the end of each period", "各期間の期末（後払い）") \
    X(ITEM_CUSTOMERS, "Customers simulated per arm and draw", "案・試行ごとのシミュレーション顧客数") \
    X(ITEM_DRAWS, "Draws of the uncertain inputs", "不確実な前提の試行数") \
    X(ITEM_COHORT, "Customers of the real cohort", "実際の顧客数") \
    X(ITEM_SEED, "Seed", "乱数の種（シード）") \
    X(ITEM_VERSION, "Version of ltvsim", "ltvsim のバージョン") \
    X(ITEM_STARTED, "Run", "実行日時") \
    X(ITEM_FORMAT, "Format of the results file", "結果ファイルの形式") \
    X(ASSUMED_TITLE, "Defaults that were assumed", "既定値を使った項目") \
    X(SCENARIO_TITLE, "The effective scenario (running it again gives the same numbers)", \
      "実行したシナリオ全文（再実行で同じ数値になります）")

/* Names of the results file: name, English, Japanese, Japanese meaning (the file has the English). */
#define LTV_TERMS(X) \
    X("ltv", "LTV", "顧客生涯価値（LTV）", "期間内の請求の割引後貢献利益の平均（CAC 控除前、加入顧客1人あたり）") \
    X("net_ltv", "Net LTV", "純 LTV", "LTV の平均から顧客自身の CAC を引いたもの") \
    X("arpu", "ARPU", "ARPU（顧客あたり売上）", "初回請求の平均売上（加入顧客1人あたり）") \
    X("cac", "CAC", "CAC（顧客獲得単価）", "チャネル構成比で加重した獲得費用（全チャネル平均）") \
    X("ltv_cac", "LTV/CAC, blended", "LTV/CAC（全チャネル）", "平均 LTV ÷ 平均 CAC（無料チャネルを含む）") \
    X("p_ltv_cac_above_3", "P(LTV/CAC ≥ 3)", "P(LTV/CAC ≥ 3)", "LTV/CAC が3以上になる試行の割合") \
    X("share_customers_above_cac", "Customers above CAC", "CAC を上回る顧客", "LTV が自身の CAC 以上の顧客の割合（CAC がある顧客のうち）") \
    X("share_customers_above_3_cac", "Customers above 3 × CAC", "CAC の3倍を上回る顧客", "LTV が自身の CAC の3倍以上の顧客の割合") \
    X("payback_simple", "Payback, simple", "回収期間（単純）", "ARPU × 粗利率の累計が CAC に達するまでの請求回数（解約なしと仮定）") \
    X("payback_survival", "Payback, with churn", "回収期間（解約込み）", "平均の割引後貢献利益の累計が平均 CAC に達するまでの請求回数（解約を考慮）") \
    X("expected_lifetime", "Expected lifetime", "平均継続期間", "期間内に支払われる平均請求回数") \
    X("retention_at_horizon", "Retention at the horizon", "期間末の継続率", "期間の終わりに継続している顧客の割合") \
    X("churn_first_period", "Churn of the first period", "初期解約率", "最初の期間に解約する顧客の割合（全理由）") \
    X("crr_1y", "Retention after a year (CRR)", "1年後の継続率（CRR）", "1年後も支払っている顧客の割合") \
    X("nrr_1y", "Net revenue retention (NRR)", "売上継続率（NRR）", "1年後の継続売上 ÷ 初回請求の継続売上") \
    X("grr_1y", "Gross revenue retention (GRR)", "総売上継続率（GRR）", "同上、各顧客の上限を初回請求額とする") \
    X("programme_cost", "Programme cost", "施策費用", "加入顧客1人あたりの割引後の施策費用（固定費を含む）") \
    X("cac_paid", "CAC, paid channels", "CAC（有料チャネル）", "費用のかかるチャネルの獲得費用") \
    X("ltv_cac_paid", "LTV/CAC, paid", "LTV/CAC（有料チャネル）", "有料チャネルの顧客の平均 LTV ÷ CAC") \
    X("closed_form_ltv", "Spreadsheet's LTV", "表計算の LTV", "ARPU × 粗利率 ÷ 初期解約率") \
    X("delta_ltv", "Change of LTV", "LTV の変化", "同じ顧客・同じ乱数での LTV の差の平均") \
    X("net_gain", "Net gain per customer", "純益（顧客1人あたり）", "LTV の差の平均から追加の固定費を引いたもの") \
    X("net_gain_total", "Net gain, all customers", "純益（全顧客）", "純益 × 実際の顧客数") \
    X("fixed_cost", "Fixed cost", "固定費", "施策費用のうち固定費（加入顧客1人あたり）") \
    X("roi", "ROI", "ROI（投資収益率）", "純益 ÷ 追加の施策費用") \
    X("p_roi_above_0", "P(ROI > 0)", "P(ROI > 0)", "ROI が0を超える試行の割合") \
    X("p_loss", "P(loss)", "損失の確率", "純益がマイナスになる試行の割合") \
    X("cash_needed", "Cash needed", "必要資金", "実際の顧客全体の割引前累積効果の最低点（固定費を含む）") \
    X("payback", "Payback of the programme", "施策の回収期間", "固定費を含む割引後累積効果が0以上になるまでの請求回数") \
    X("saved_1y", "Saved after a year", "1年後の救済顧客", "施策がなければ1年後に支払っていない顧客の割合（純増）") \
    X("cost_per_save", "Cost per save", "救済1人あたり費用", "施策費用 ÷ 救済顧客") \
    X("deadweight", "Deadweight", "死荷重", "何も変わらない顧客に使われる施策費用の割合") \
    X("spreadsheet", "spreadsheet", "表計算の LTV", NULL) \
    X("horizon", "horizon", "期間の打ち切り", NULL) \
    X("discounting", "discounting", "割引", NULL) \
    X("churn_by_tenure", "churn by tenure", "経過期間による解約率の変化", NULL) \
    X("heterogeneity", "heterogeneity", "顧客の違い", NULL) \
    X("spend_and_churn", "spend and churn", "支出と解約の相関", NULL) \
    X("mix", "mix", "構成比", NULL) \
    X("service_cost", "service cost", "サービス費用", NULL) \
    X("uncertainty_and_events", "uncertainty and events", "不確実性とイベント", NULL) \
    X("expansion_and_programmes", "expansion and programmes", "拡張と施策", NULL) \
    X("first_order", "first order", "初回注文", NULL) \
    X("simulation_noise", "simulation error", "シミュレーション誤差", NULL) \
    X("uncertainty_and_noise", "uncertainty", "不確実性", NULL) \
    X("churn", "churn", "解約率", NULL) \
    X("price", "price", "価格", NULL) \
    X("margin", "margin", "粗利率", NULL) \
    X("expansion", "expansion", "プラン変更・拡張", NULL) \
    X("cross_sell", "cross-sell", "クロスセル", NULL) \
    X("orders", "orders", "注文", NULL) \
    X("reach", "reach", "施策の到達", NULL) \
    X("ratio", "ratio", "倍率", NULL) \
    X("share", "share", "割合", NULL) \
    X("probability", "probability", "確率", NULL) \
    X("per customer", "per customer", "顧客あたり", NULL)

/* The warnings that results files hold, as ltvsim writes them in English: {blanks} stand for names and
 * numbers of the scenario. A test reads scenarios that bring each of them. */
#define LTV_WARNINGS(X) \
    X("{path}: {times} multiplies {lever} by {times}", \
      "{path}: {times}は{lever}を{times}倍にする指定です") \
    X("{path}: {times} multiplies {lever} by {times}; for a churn of its own write a retention block", \
      "{path}: {times}は{lever}を{times}倍にする指定です。独自の解約率にするには retention を書いてください") \
    X("interventions.{name}: nobody asks for it who would have stayed anyway, and customers who stay are not more likely to leave later than others, which flatters the offer; say so if you know better: bluff: {…} in on_churn_intent, effect: {churn: {times: 2, for: 6}}", \
      "interventions.{name}: もともと残る顧客は誰もこのオファーを求めず、残った顧客のその後の解約率も他と変わらない前提のため、効果が実際より良く見えます。実態が分かる場合は on_churn_intent の bluff: {…} と effect: {churn: {times: 2, for: 6}} で指定してください") \
    X("interventions.{name}: nobody asks for it who would have stayed anyway, which flatters the offer; say so if you know better: bluff: {…} in on_churn_intent", \
      "interventions.{name}: もともと残る顧客は誰もこのオファーを求めない前提のため、効果が実際より良く見えます。実態が分かる場合は on_churn_intent の bluff: {…} で指定してください") \
    X("interventions.{name}: customers who stay are not more likely to leave later than others, which flatters the offer; say so if you know better: effect: {churn: {times: 2, for: 6}}", \
      "interventions.{name}: 残った顧客のその後の解約率が他と変わらない前提のため、効果が実際より良く見えます。実態が分かる場合は effect: {churn: {times: 2, for: 6}} で指定してください") \
    X("interventions.{name}: is in no arm, so it has no effect; list it in one, such as arms: {today: [], then: [{name}]}", \
      "interventions.{name}: どの案にも含まれていないため、効果がありません。arms: {today: [], then: [{name}]} のように案に加えてください") \
    X("interventions.{name}: price_off alone changes nobody's behaviour here; did you leave out an effect on churn?", \
      "interventions.{name}: ここでは price_off だけでは誰の行動も変わりません。解約率への効果（effect）を書き忘れていませんか？") \
    X("plans.{name}.price: {price} is more than {times} times the price of every plan without a term; a term's price is per bill, not per term", \
      "plans.{name}.price: {price}は、契約期間のないどのプランの価格と比べても{times}倍を超えています。契約期間のあるプランの価格も、期間全体ではなく請求1回あたりです") \
    X("{path}: {text} is {value}; if the point is to part thousands, write {joined} or {parted}", \
      "{path}: {text}は{value}と読みます。点が桁区切りなら、{joined}または{parted}と書いてください") \
    X("experiment.draws: {wanted} were asked for and {made} are made, as {sampling} needs", \
      "experiment.draws: {wanted}の指定に対して{made}になります（{sampling}に必要な数です）") \
    X("experiment.draws: has no effect, since no number in the scenario is uncertain", \
      "experiment.draws: シナリオに不確実な数値がないため、効果がありません")
/* clang-format on */

#endif
