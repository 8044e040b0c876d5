# The equations of OSeMOSYS (long form) in fewer variables, written for these tests alone:
#
#     glpsol -m reference.mod -d whole_units.txt
#
# Names of sets and parameters are those of the data. act: rate of activity; new, cap: capacity built and standing;
# ystart, sstart, dstart, dfin: levels of a storage at the start of a year, season and day type, and at its finish.
# For rates_by_technology read DiscountRate[r,t] for DiscountRate[r], and leave crf out.
set YEAR; set TECHNOLOGY; set TIMESLICE; set FUEL; set EMISSION; set MODE_OF_OPERATION; set REGION;
set SEASON; set DAYTYPE; set DAILYTIMEBRACKET; set STORAGE;
param ResultsPath, symbolic, default 'x';
param y0 := min{y in YEAR} y; param yn := max{y in YEAR} y;
param YearSplit{TIMESLICE,YEAR};
param DiscountRate{REGION}; param DiscountRateIdv{r in REGION,TECHNOLOGY}, default DiscountRate[r];
param DiscountRateStorage{REGION,STORAGE};
param DaySplit{DAILYTIMEBRACKET,YEAR}; param Conversionls{TIMESLICE,SEASON}; param Conversionld{TIMESLICE,DAYTYPE};
param Conversionlh{TIMESLICE,DAILYTIMEBRACKET}; param DaysInDayType{SEASON,DAYTYPE,YEAR};
param TradeRoute{REGION,REGION,FUEL,YEAR}; param DepreciationMethod{REGION};
param SpecifiedAnnualDemand{REGION,FUEL,YEAR}; param SpecifiedDemandProfile{REGION,FUEL,TIMESLICE,YEAR};
param AccumulatedAnnualDemand{REGION,FUEL,YEAR};
param CapacityToActivityUnit{REGION,TECHNOLOGY}; param CapacityFactor{REGION,TECHNOLOGY,TIMESLICE,YEAR};
param AvailabilityFactor{REGION,TECHNOLOGY,YEAR}; param OperationalLife{REGION,TECHNOLOGY};
param ResidualCapacity{REGION,TECHNOLOGY,YEAR};
param InputActivityRatio{REGION,TECHNOLOGY,FUEL,MODE_OF_OPERATION,YEAR}; param OutputActivityRatio{REGION,TECHNOLOGY,FUEL,MODE_OF_OPERATION,YEAR};
param CapitalCost{REGION,TECHNOLOGY,YEAR}; param VariableCost{REGION,TECHNOLOGY,MODE_OF_OPERATION,YEAR}; param FixedCost{REGION,TECHNOLOGY,YEAR};
param TechnologyToStorage{REGION,TECHNOLOGY,STORAGE,MODE_OF_OPERATION}; param TechnologyFromStorage{REGION,TECHNOLOGY,STORAGE,MODE_OF_OPERATION};
param StorageLevelStart{REGION,STORAGE}; param StorageMaxChargeRate{REGION,STORAGE}; param StorageMaxDischargeRate{REGION,STORAGE};
param MinStorageCharge{REGION,STORAGE,YEAR}; param OperationalLifeStorage{REGION,STORAGE}; param CapitalCostStorage{REGION,STORAGE,YEAR};
param ResidualStorageCapacity{REGION,STORAGE,YEAR};
param CapacityOfOneTechnologyUnit{REGION,TECHNOLOGY,YEAR};
param TotalAnnualMaxCapacity{REGION,TECHNOLOGY,YEAR}; param TotalAnnualMinCapacity{REGION,TECHNOLOGY,YEAR};
param TotalAnnualMaxCapacityInvestment{REGION,TECHNOLOGY,YEAR}; param TotalAnnualMinCapacityInvestment{REGION,TECHNOLOGY,YEAR};
param TotalTechnologyAnnualActivityUpperLimit{REGION,TECHNOLOGY,YEAR}; param TotalTechnologyAnnualActivityLowerLimit{REGION,TECHNOLOGY,YEAR};
param TotalTechnologyModelPeriodActivityUpperLimit{REGION,TECHNOLOGY}; param TotalTechnologyModelPeriodActivityLowerLimit{REGION,TECHNOLOGY};
param ReserveMarginTagTechnology{REGION,TECHNOLOGY,YEAR}; param ReserveMarginTagFuel{REGION,FUEL,YEAR}; param ReserveMargin{REGION,YEAR};
param RETagTechnology{REGION,TECHNOLOGY,YEAR}; param RETagFuel{REGION,FUEL,YEAR}; param REMinProductionTarget{REGION,YEAR};
param EmissionActivityRatio{REGION,TECHNOLOGY,EMISSION,MODE_OF_OPERATION,YEAR}; param EmissionsPenalty{REGION,EMISSION,YEAR};
param AnnualExogenousEmission{REGION,EMISSION,YEAR}; param AnnualEmissionLimit{REGION,EMISSION,YEAR};
param ModelPeriodExogenousEmission{REGION,EMISSION}; param ModelPeriodEmissionLimit{REGION,EMISSION};

var act{REGION,TIMESLICE,TECHNOLOGY,MODE_OF_OPERATION,YEAR} >= 0;
var new{REGION,TECHNOLOGY,YEAR} >= 0;
var units{r in REGION,t in TECHNOLOGY,y in YEAR: CapacityOfOneTechnologyUnit[r,t,y]<>0} >= 0, integer;
var cap{REGION,TECHNOLOGY,YEAR} >= 0;
var newst{REGION,STORAGE,YEAR} >= 0;
var trade{REGION,REGION,TIMESLICE,FUEL,YEAR};
var netyear{REGION,STORAGE,SEASON,DAYTYPE,DAILYTIMEBRACKET,YEAR};
var netday{REGION,STORAGE,SEASON,DAYTYPE,DAILYTIMEBRACKET,YEAR};
var charge{REGION,STORAGE,SEASON,DAYTYPE,DAILYTIMEBRACKET,YEAR};
var discharge{REGION,STORAGE,SEASON,DAYTYPE,DAILYTIMEBRACKET,YEAR};
var ystart{REGION,STORAGE,YEAR}>=0; var yfin{REGION,STORAGE,YEAR}>=0; var sstart{REGION,STORAGE,SEASON,YEAR}>=0;
var dstart{REGION,STORAGE,SEASON,DAYTYPE,YEAR}>=0; var dfin{REGION,STORAGE,SEASON,DAYTYPE,YEAR}>=0;
var up{REGION,STORAGE,YEAR}>=0;
var emis{REGION,EMISSION,YEAR};

param crf{r in REGION,t in TECHNOLOGY} := if DiscountRateIdv[r,t]=DiscountRate[r] then 1 else
 (if DiscountRateIdv[r,t]=0 then 1/OperationalLife[r,t] else (1-(1+DiscountRateIdv[r,t])^(-1))/(1-(1+DiscountRateIdv[r,t])^(-OperationalLife[r,t])))
 *(1-(1+DiscountRate[r])^(-OperationalLife[r,t]))*(1+DiscountRate[r])/DiscountRate[r];
param salv{r in REGION,t in TECHNOLOGY,y in YEAR} := if y+OperationalLife[r,t]-1<=yn then 0 else
 if DepreciationMethod[r]=1 and DiscountRate[r]>0 then 1-((1+DiscountRate[r])^(yn-y+1)-1)/((1+DiscountRate[r])^OperationalLife[r,t]-1)
 else 1-(yn-y+1)/OperationalLife[r,t];
param salvst{r in REGION,s in STORAGE,y in YEAR} := if y+OperationalLifeStorage[r,s]-1<=yn then 0 else
 if DepreciationMethod[r]=1 and DiscountRateStorage[r,s]>0 then 1-((1+DiscountRateStorage[r,s])^(yn-y+1)-1)/((1+DiscountRateStorage[r,s])^OperationalLifeStorage[r,s]-1)
 else 1-(yn-y+1)/OperationalLifeStorage[r,s];

minimize cost: sum{r in REGION,t in TECHNOLOGY,y in YEAR}(
   CapitalCost[r,t,y]*crf[r,t]*new[r,t,y]*((1+DiscountRate[r])^(-(y-y0)) - salv[r,t,y]*(1+DiscountRate[r])^(-(1+yn-y0)))
 + (FixedCost[r,t,y]*cap[r,t,y]
 + sum{m in MODE_OF_OPERATION,l in TIMESLICE} (VariableCost[r,t,m,y]+sum{e in EMISSION} EmissionActivityRatio[r,t,e,m,y]*EmissionsPenalty[r,e,y])*act[r,l,t,m,y]*YearSplit[l,y])*(1+DiscountRate[r])^(-(y-y0+0.5)))
 + sum{r in REGION,s in STORAGE,y in YEAR} CapitalCostStorage[r,s,y]*newst[r,s,y]*((1+DiscountRateStorage[r,s])^(-(y-y0))-salvst[r,s,y]*(1+DiscountRateStorage[r,s])^(-(1+yn-y0)));
s.t. ccap{r in REGION,t in TECHNOLOGY,y in YEAR}: cap[r,t,y] = ResidualCapacity[r,t,y]+sum{yy in YEAR: y-yy<OperationalLife[r,t] and y>=yy} new[r,t,yy];
s.t. cunit{r in REGION,t in TECHNOLOGY,y in YEAR: CapacityOfOneTechnologyUnit[r,t,y]<>0}: new[r,t,y]=CapacityOfOneTechnologyUnit[r,t,y]*units[r,t,y];
s.t. cact{r in REGION,l in TIMESLICE,t in TECHNOLOGY,y in YEAR}: sum{m in MODE_OF_OPERATION} act[r,l,t,m,y] <= cap[r,t,y]*CapacityFactor[r,t,l,y]*CapacityToActivityUnit[r,t];
s.t. cmain{r in REGION,t in TECHNOLOGY,y in YEAR: AvailabilityFactor[r,t,y]<1}: sum{l in TIMESLICE,m in MODE_OF_OPERATION} act[r,l,t,m,y]*YearSplit[l,y] <= sum{l in TIMESLICE} cap[r,t,y]*CapacityFactor[r,t,l,y]*YearSplit[l,y]*AvailabilityFactor[r,t,y]*CapacityToActivityUnit[r,t];
s.t. ctr{r in REGION,rr in REGION,l in TIMESLICE,f in FUEL,y in YEAR}: trade[r,rr,l,f,y] = -trade[rr,r,l,f,y];
s.t. cbal{r in REGION,l in TIMESLICE,f in FUEL,y in YEAR}: sum{t in TECHNOLOGY,m in MODE_OF_OPERATION} (OutputActivityRatio[r,t,f,m,y]-InputActivityRatio[r,t,f,m,y])*act[r,l,t,m,y]*YearSplit[l,y] >= SpecifiedAnnualDemand[r,f,y]*SpecifiedDemandProfile[r,f,l,y] + sum{rr in REGION} trade[r,rr,l,f,y]*TradeRoute[r,rr,f,y];
s.t. cann{r in REGION,f in FUEL,y in YEAR}: sum{l in TIMESLICE,t in TECHNOLOGY,m in MODE_OF_OPERATION} (OutputActivityRatio[r,t,f,m,y]-InputActivityRatio[r,t,f,m,y])*act[r,l,t,m,y]*YearSplit[l,y] >= AccumulatedAnnualDemand[r,f,y] + sum{rr in REGION,l in TIMESLICE} trade[r,rr,l,f,y]*TradeRoute[r,rr,f,y];
s.t. tcmax{r in REGION,t in TECHNOLOGY,y in YEAR: TotalAnnualMaxCapacity[r,t,y]<>-1}: cap[r,t,y]<=TotalAnnualMaxCapacity[r,t,y];
s.t. tcmin{r in REGION,t in TECHNOLOGY,y in YEAR: TotalAnnualMinCapacity[r,t,y]>0}: cap[r,t,y]>=TotalAnnualMinCapacity[r,t,y];
s.t. ncmax{r in REGION,t in TECHNOLOGY,y in YEAR: TotalAnnualMaxCapacityInvestment[r,t,y]<>-1}: new[r,t,y]<=TotalAnnualMaxCapacityInvestment[r,t,y];
s.t. ncmin{r in REGION,t in TECHNOLOGY,y in YEAR: TotalAnnualMinCapacityInvestment[r,t,y]>0}: new[r,t,y]>=TotalAnnualMinCapacityInvestment[r,t,y];
s.t. aamax{r in REGION,t in TECHNOLOGY,y in YEAR: TotalTechnologyAnnualActivityUpperLimit[r,t,y]<>-1}: sum{l in TIMESLICE,m in MODE_OF_OPERATION} act[r,l,t,m,y]*YearSplit[l,y]<=TotalTechnologyAnnualActivityUpperLimit[r,t,y];
s.t. aamin{r in REGION,t in TECHNOLOGY,y in YEAR: TotalTechnologyAnnualActivityLowerLimit[r,t,y]>0}: sum{l in TIMESLICE,m in MODE_OF_OPERATION} act[r,l,t,m,y]*YearSplit[l,y]>=TotalTechnologyAnnualActivityLowerLimit[r,t,y];
s.t. tamax{r in REGION,t in TECHNOLOGY: TotalTechnologyModelPeriodActivityUpperLimit[r,t]<>-1}: sum{y in YEAR,l in TIMESLICE,m in MODE_OF_OPERATION} act[r,l,t,m,y]*YearSplit[l,y]<=TotalTechnologyModelPeriodActivityUpperLimit[r,t];
s.t. tamin{r in REGION,t in TECHNOLOGY: TotalTechnologyModelPeriodActivityLowerLimit[r,t]>0}: sum{y in YEAR,l in TIMESLICE,m in MODE_OF_OPERATION} act[r,l,t,m,y]*YearSplit[l,y]>=TotalTechnologyModelPeriodActivityLowerLimit[r,t];
s.t. rm{r in REGION,l in TIMESLICE,y in YEAR: ReserveMargin[r,y]>0}: ReserveMargin[r,y]*sum{t in TECHNOLOGY,f in FUEL,m in MODE_OF_OPERATION} act[r,l,t,m,y]*OutputActivityRatio[r,t,f,m,y]*ReserveMarginTagFuel[r,f,y] <= sum{t in TECHNOLOGY} cap[r,t,y]*ReserveMarginTagTechnology[r,t,y]*CapacityToActivityUnit[r,t];
s.t. re{r in REGION,y in YEAR}: REMinProductionTarget[r,y]*sum{l in TIMESLICE,f in FUEL,t in TECHNOLOGY,m in MODE_OF_OPERATION} act[r,l,t,m,y]*OutputActivityRatio[r,t,f,m,y]*YearSplit[l,y]*RETagFuel[r,f,y] <= sum{l in TIMESLICE,f in FUEL,t in TECHNOLOGY,m in MODE_OF_OPERATION} act[r,l,t,m,y]*OutputActivityRatio[r,t,f,m,y]*YearSplit[l,y]*RETagTechnology[r,t,y];
s.t. em{r in REGION,e in EMISSION,y in YEAR}: emis[r,e,y]=sum{t in TECHNOLOGY,m in MODE_OF_OPERATION,l in TIMESLICE} EmissionActivityRatio[r,t,e,m,y]*act[r,l,t,m,y]*YearSplit[l,y];
s.t. eann{r in REGION,e in EMISSION,y in YEAR: AnnualEmissionLimit[r,e,y]<>-1}: emis[r,e,y]+AnnualExogenousEmission[r,e,y]<=AnnualEmissionLimit[r,e,y];
s.t. etot{r in REGION,e in EMISSION: ModelPeriodEmissionLimit[r,e]<>-1}: sum{y in YEAR} emis[r,e,y]+ModelPeriodExogenousEmission[r,e]<=ModelPeriodEmissionLimit[r,e];
# storage, as the long form writes it
s.t. s1{r in REGION,s in STORAGE,ls in SEASON,ld in DAYTYPE,lh in DAILYTIMEBRACKET,y in YEAR}: charge[r,s,ls,ld,lh,y]=sum{t in TECHNOLOGY,m in MODE_OF_OPERATION,l in TIMESLICE: TechnologyToStorage[r,t,s,m]>0} act[r,l,t,m,y]*TechnologyToStorage[r,t,s,m]*Conversionls[l,ls]*Conversionld[l,ld]*Conversionlh[l,lh];
s.t. s2{r in REGION,s in STORAGE,ls in SEASON,ld in DAYTYPE,lh in DAILYTIMEBRACKET,y in YEAR}: discharge[r,s,ls,ld,lh,y]=sum{t in TECHNOLOGY,m in MODE_OF_OPERATION,l in TIMESLICE: TechnologyFromStorage[r,t,s,m]>0} act[r,l,t,m,y]*TechnologyFromStorage[r,t,s,m]*Conversionls[l,ls]*Conversionld[l,ld]*Conversionlh[l,lh];
s.t. s3{r in REGION,s in STORAGE,ls in SEASON,ld in DAYTYPE,lh in DAILYTIMEBRACKET,y in YEAR}: netyear[r,s,ls,ld,lh,y]=sum{l in TIMESLICE: Conversionls[l,ls]>0 and Conversionld[l,ld]>0 and Conversionlh[l,lh]>0}(charge[r,s,ls,ld,lh,y]-discharge[r,s,ls,ld,lh,y])*YearSplit[l,y]*Conversionls[l,ls]*Conversionld[l,ld]*Conversionlh[l,lh];
s.t. s4{r in REGION,s in STORAGE,ls in SEASON,ld in DAYTYPE,lh in DAILYTIMEBRACKET,y in YEAR}: netday[r,s,ls,ld,lh,y]=(charge[r,s,ls,ld,lh,y]-discharge[r,s,ls,ld,lh,y])*DaySplit[lh,y];
s.t. s5{r in REGION,s in STORAGE,y in YEAR}: ystart[r,s,y] = if y=y0 then StorageLevelStart[r,s] else ystart[r,s,y-1]+sum{ls in SEASON,ld in DAYTYPE,lh in DAILYTIMEBRACKET} netyear[r,s,ls,ld,lh,y-1];
s.t. s7{r in REGION,s in STORAGE,y in YEAR}: yfin[r,s,y] = if y<yn then ystart[r,s,y+1] else ystart[r,s,y]+sum{ls in SEASON,ld in DAYTYPE,lh in DAILYTIMEBRACKET} netyear[r,s,ls,ld,lh,y];
param ls0 := min{i in SEASON} i; param lsn := max{i in SEASON} i; param ld0 := min{i in DAYTYPE} i; param ldn := max{i in DAYTYPE} i;
s.t. s9{r in REGION,s in STORAGE,ls in SEASON,y in YEAR}: sstart[r,s,ls,y] = if ls=ls0 then ystart[r,s,y] else sstart[r,s,ls-1,y]+sum{ld in DAYTYPE,lh in DAILYTIMEBRACKET} netyear[r,s,ls-1,ld,lh,y];
s.t. s11{r in REGION,s in STORAGE,ls in SEASON,ld in DAYTYPE,y in YEAR}: dstart[r,s,ls,ld,y] = if ld=ld0 then sstart[r,s,ls,y] else dstart[r,s,ls,ld-1,y]+sum{lh in DAILYTIMEBRACKET} netday[r,s,ls,ld-1,lh,y]*DaysInDayType[ls,ld-1,y];
s.t. s13{r in REGION,s in STORAGE,ls in SEASON,ld in DAYTYPE,y in YEAR}: dfin[r,s,ls,ld,y] = if ls=lsn and ld=ldn then yfin[r,s,y] else if ld=ldn then sstart[r,s,ls+1,y] else dfin[r,s,ls,ld+1,y]-sum{lh in DAILYTIMEBRACKET} netday[r,s,ls,ld+1,lh,y]*DaysInDayType[ls,ld+1,y];
s.t. si1{r in REGION,s in STORAGE,y in YEAR}: up[r,s,y]=ResidualStorageCapacity[r,s,y]+sum{yy in YEAR: y-yy<OperationalLifeStorage[r,s] and y>=yy} newst[r,s,yy];
s.t. k1l{r in REGION,s in STORAGE,ls in SEASON,ld in DAYTYPE,lh in DAILYTIMEBRACKET,y in YEAR}: dstart[r,s,ls,ld,y]+sum{h in DAILYTIMEBRACKET: h<lh} netday[r,s,ls,ld,h,y] >= MinStorageCharge[r,s,y]*up[r,s,y];
s.t. k1u{r in REGION,s in STORAGE,ls in SEASON,ld in DAYTYPE,lh in DAILYTIMEBRACKET,y in YEAR}: dstart[r,s,ls,ld,y]+sum{h in DAILYTIMEBRACKET: h<lh} netday[r,s,ls,ld,h,y] <= up[r,s,y];
s.t. k2l{r in REGION,s in STORAGE,ls in SEASON,ld in DAYTYPE,lh in DAILYTIMEBRACKET,y in YEAR: ld>ld0}: dstart[r,s,ls,ld,y]-sum{h in DAILYTIMEBRACKET: h>lh} netday[r,s,ls,ld-1,h,y] >= MinStorageCharge[r,s,y]*up[r,s,y];
s.t. k2u{r in REGION,s in STORAGE,ls in SEASON,ld in DAYTYPE,lh in DAILYTIMEBRACKET,y in YEAR: ld>ld0}: dstart[r,s,ls,ld,y]-sum{h in DAILYTIMEBRACKET: h>lh} netday[r,s,ls,ld-1,h,y] <= up[r,s,y];
s.t. k3l{r in REGION,s in STORAGE,ls in SEASON,ld in DAYTYPE,lh in DAILYTIMEBRACKET,y in YEAR}: dfin[r,s,ls,ld,y]-sum{h in DAILYTIMEBRACKET: h>lh} netday[r,s,ls,ld,h,y] >= MinStorageCharge[r,s,y]*up[r,s,y];
s.t. k3u{r in REGION,s in STORAGE,ls in SEASON,ld in DAYTYPE,lh in DAILYTIMEBRACKET,y in YEAR}: dfin[r,s,ls,ld,y]-sum{h in DAILYTIMEBRACKET: h>lh} netday[r,s,ls,ld,h,y] <= up[r,s,y];
s.t. k4l{r in REGION,s in STORAGE,ls in SEASON,ld in DAYTYPE,lh in DAILYTIMEBRACKET,y in YEAR: ld>ld0}: dfin[r,s,ls,ld-1,y]+sum{h in DAILYTIMEBRACKET: h<lh} netday[r,s,ls,ld,h,y] >= MinStorageCharge[r,s,y]*up[r,s,y];
s.t. k4u{r in REGION,s in STORAGE,ls in SEASON,ld in DAYTYPE,lh in DAILYTIMEBRACKET,y in YEAR: ld>ld0}: dfin[r,s,ls,ld-1,y]+sum{h in DAILYTIMEBRACKET: h<lh} netday[r,s,ls,ld,h,y] <= up[r,s,y];
s.t. k5{r in REGION,s in STORAGE,ls in SEASON,ld in DAYTYPE,lh in DAILYTIMEBRACKET,y in YEAR}: charge[r,s,ls,ld,lh,y] <= StorageMaxChargeRate[r,s];
s.t. k6{r in REGION,s in STORAGE,ls in SEASON,ld in DAYTYPE,lh in DAILYTIMEBRACKET,y in YEAR}: discharge[r,s,ls,ld,lh,y] <= StorageMaxDischargeRate[r,s];
solve;
printf "OBJECTIVE %.12g\n", cost;
printf{r in REGION,e in EMISSION} "EMISSION %s %s %.9g\n", r, e, sum{y in YEAR} emis[r,e,y];
end;
