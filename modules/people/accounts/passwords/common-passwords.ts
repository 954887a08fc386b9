/**
 * Passwords that everybody tries first: the most frequent ones of leaked lists in English, Polish and Portuguese, of
 * eight characters or more and in lower case. Passwords that are made by a pattern are found by the rules beside this.
 */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `
00000000 000000000 0000000000 01234567 012345678 0123456789 098765432 0987654321 0o9i8u7y 10101010 11111111
111111111 1111111111 11112222 1111222233334444 11223344 1122334455 112233445566 12121212 121212121212 123123123
123123123123 123321123 1233211234 12341234 123412341234 12344321 123454321 1234554321 123456123456 12345654321
123456654321 12345678 123456789 1234567890 1234567890q 12345678910 123456789a 123456789abc 123456789q 12345678a
12345679 1234567a 1234567q 123456aa 123456abc 123456qwe 123456qwerty 12345qwert 1234mudar 1234qwer 1234qwerty
123abc123 123qwe123 123qwe123qwe 123qweasd 123qweasdzxc 12qwaszx 13131313 147258369 147852369 159357456 159753258
159753456 19691969 19701970 19711971 19721972 19731973 19741974 19751975 19761976 19771977 19781978 19791979
19801980 19811981 19821982 19831983 19841984 19851985 19861986 19871987 19881988 19891989 19901990 19911991 19921992
19931993 19941994 19951995 19961996 19971997 19981998 19991999 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx!
1qaz2wsx3edc 1qaz@wsx 1qazxsw2 1qw23er4 20002000 20012001 20102010 20202020 20242024 20252025 20262026 22222222
27182818 31415926 314159265 321654987 33333333 44444444 456789123 55555555 66666666 741852963 77777777 789456123
789654123 852456852 87654321 88888888 888888888 963852741 987654321 9876543210 99999999 999999999 a1234567 a12345678
a123456789 a1b2c3d4 a1b2c3d4e5 a1s2d3f4 aa123456 aa12345678 aaa111222 aaaa1111 aaaaaaaa aaaaaaaaaa aabbccdd abacaxi1
abc12345 abc123456 abc123abc abc123def abcabcabc abcd1234 abcd12345 abcd4321 abcde123 abcdef123 abcdefg1 abcdefg123
abcdefgh abcdefghi abcxyz123 access123 access14 adam1234 admin123 admin1234 admin12345 admin123456 admin@123
adminadmin administrador administrator administrator1 adrian12 adrian123 agent007 agent123 agnieszka agnieszka1
airborne alejandra alejandro alejandro1 aleksander aleksandra alexander alexander1 alexandra aline123 amanda12
amanda123 amazon123 america1 american amor1234 amoreterno amorzinho andrew12 andrew123 angel123 angels123 ania1234
anna1234 anthony1 anthony12 anthony123 anything1 apollo11 april2024 argentina arsenal1 arsenal123 asd123456
asdasd123 asdasdasd asdf1234 asdf12345 asdfasdf asdfghj1 asdfghjk asdfghjkl asdfghjkl1 asdfjkl; asdfqwer asdqwe123
ashley12 ashley123 asia1234 asshole1 atletico august123 australia autumn2024 autumn2025 autumn2026 azerty123
azertyui azertyuiop azertyuiop1 babyboy1 babygirl babygirl1 babygirl12 bailey12 bananas1 barbara1 barcelona
barcelona1 barcelona10 bartek12 bartek123 bartosz1 baseball baseball1 basketball basketball1 batman123 bayern12
beata123 beatriz1 beautiful beautiful1 benfica1 benfica123 benjamin birthday birthday1 blackberry blackcat blackjack
blackout blahblah blessed1 blessing blink182 blueberry bluesky1 bolek123 bond0070 bonjour1 borboleta borboletas
borussia botafogo botafogo1 bozena12 brandon1 brasil10 brasil12 brasil123 brasil2014 brasil2022 brasileiro brazil12
brittany broncos1 brooklyn bruna123 bulldog1 bulldogs bullshit business1 buster12 butterfly butterfly1 cachorro
cachorro1 california camila12 camila123 canada12 captain1 carlos12 carlos123 carolina carolina1 caroline catherine
challenger champion champions changeit changeme changeme1 changeme123 changepassword charlie1 charlie123 charlotte
chelsea1 chelsea123 cherry12 chevrolet chocolate chocolate1 chocolate12 chouchou christ12 christian christina
christine christmas christmas1 christopher cinnamon cisco123 claudia1 colombia columbia company1 company123
computador computador1 computer computer1 computer12 computer123 contrasena contrasena1 cookie12 cookies1 cooper12
corinthians corinthians1 corvette cowboy12 cowboys1 creative cristiano cristiano7 cristina cruzeiro cruzeiro1
crystal1 cupcake1 czekolada czekolada1 damian12 damian123 dancer12 dancing1 daniel123 danielle danielle1 darthvader
database dawid123 december december1 default1 default123 demo1234 demodemo destiny1 deus1234 deuseamor deusefiel
deusemais deutschland diamond1 diamonds discovery dolphin1 dolphins dolphins1 dominik1 dominika dominika1 dorota12
dortmund doudou12 dragon12 dragon123 dragon1234 dragonball dragonfly dupa1234 dupa12345 dupa123456 dupadupa eagles12
eduarda1 eduardo1 eduardo123 elephant elizabeth elizabeth1 eminem123 engenheiro enterprise escola12 espana12
esperanca estrela1 estrellita euteamo1 euteamo123 everything ewelina1 explorer facebook facebook1 faith123 familia1
familia123 february february1 felicidade felicidade1 fernanda fernanda1 fernando fernando1 ferrari1 fiat126p
flamengo flamengo1 flamengo10 flamengo123 fluminense football football1 football12 football123 forever1 forever21
foreverlove fortnite1 francisco francois frederick freedom1 freedom123 friday123 friday13 fuckoff1 fuckyou! fuckyou1
fuckyou123 fuckyou2 futbol12 gabriel1 gabriel123 gabriela gabriela1 gabrielle gandalf1 gateway1 gatinho1 gdansk12
gdynia12 germany1 ginger12 godisgood godislove godzilla golden12 goodbye1 goodluck google123 google1234 gorgeous
gornik12 gosia123 greenday greenday1 greenday12 gremio12 grzegorz grzegorz1 guest123 guestguest guilherme guilherme1
guillermo guitar12 guitar123 gustavo1 gustavo123 gwiazdeczka gwiazdka hacker123 hallo123 hallo1234 hannah123
happy123 happybirthday happyday harley12 harleydavidson harrypotter haslo123 haslo1234 haslo12345 haslohaslo
heather1 heavenly hello123 hello1234 hello12345 hellohello hellokitty hellothere helloworld helloworld1
henrique hiphop12 hockey12 hogwarts horses12 hunter123 ilovegod ilovehim ilovejesus iloveme1 ilovemom ilovemymom
ilovemyself iloveyou iloveyou! iloveyou1 iloveyou12 iloveyou123 iloveyou2 iloveyousomuch instagram internacional
internet internet1 internet123 ironman1 isabella isabelle iwona123 jackson1 jagoda12 jaguar12 jakub123 james007
jamesbond january1 jasmine1 jennifer jennifer1 jessica1 jessica123 jesus123 jesus777 jesuschrist jesuscristo
jesusis1 jesusteama jetaime1 joanna12 joanna123 jonathan jordan123 jordan23 joshua123 juliana1 juliana123 jupiter1
justice1 justin123 justyna1 juventus1 kamil123 kamil1234 karol123 karolina karolina1 karolina123 kasia123 kasia1234
kasztanek katarzyna katherine keyboard killer12 killer123 kimberly kitty123 kittycat klaudia1 klaudia123 kochamcie
kochamcie1 kochamcie123 kochamciebie kochanie kochanie1 kochanie123 komputer komputer1 komputer123 konrad12 kotek123
kotek1234 krakow12 krakow123 krzysiek1 krzysztof kuba1234 kwiatek1 lacrosse lakers24 larissa1 lechpoznan legend12
legia123 legia1916 leonardo leonardo1 leopard1 leticia1 letmein! letmein1 letmein123 letmeinnow lewandowski liberty1
lightning linkedin linkedin1 linux123 lisboa12 liverpool liverpool1 lkjhgfdsa lodz1234 login123 loginlogin lolek123
london12 london123 loulou12 love1234 love12345 lovegod1 lovelove lovers123 loveyou1 loveyou123 lucas123 lucas1234
lucky777 lukasz12 lukasz123 maciej12 maciek12 magda123 magdalena magdalena1 maggie12 malgorzata malina12 maluszek
malutka1 malysz12 mamusia1 manager1 manager123 manchester manunited marcelo1 marcelo123 march2024 marcin12 marcin123
marcos12 margaret mariana1 mariana123 marines1 mariposa mariposa1 marseille marta123 martyna1 marysia1 marzenie
masterpassword mateus12 mateusz1 mateusz12 mateusz123 matheus1 matheus123 matka123 matrix12 matrix123 matthew1
matthew123 melissa1 mercedes mercedes1 mercury1 metallica metallica1 meuamor1 meuamor123 mexico10 mexico12 mexico123
michael1 michael123 michal12 michal123 michelle michelle1 microsoft midnight midnight1 military minecraft minecraft1
minhasenha misiaczek misiaczek1 mnbvcxz1 mnbvcxzlk mojehaslo monday123 monika12 monika123 monkey12 monkey123
monkey1234 monster1 monster123 moonlight moonshine morango1 motdepasse motherfucker motorola1 motylek1 mudar123
musiclover musicman mustang1 mustangs mylove123 mypassword mypassword1 mysecret mysql123 natalia1 natalia123
nathaniel network1 newpassword newyork1 newyork123 neymar10 neymar11 nicholas nicole123 niezapominajka nintendo
nirvana1 nopassword notebook nothing1 novasenha november november1 nowehaslo october1 october2024 office123
okmijnuhb oldpassword openpassword oracle123 orange12 orange123 p4ssw0rd p4ssword p@55w0rd p@ssw0rd p@ssw0rd1
p@ssw0rd123 p@ssword pa$$w0rd pa$$word pa55w0rd pa55word packard1 packers1 palmeiras palmeiras1 panther1 panthers
panthers1 paris123 partner1 partner123 partner1234 partnerpartner pass1234 pass12345 pass123456 passpass passport1
passw0rd passw0rd1 passw0rd123 password password! password!! password00 password01 password1 password1! password11
password12 password123 password123! password1234 password12345 password123456 password2 password3 password9
password99 passwords passwort passwort1 passwort12 passwort123 patience patricia patrick1 patriots patrycja
patrycja1 patryk12 patryk123 paulina1 paulina123 pavilion pawel123 pawel1234 peaches1 pedro123 penguin1 penguins
penis123 phoenix1 piesek12 pioneer1 piotr123 piotrek1 platinum playstation plokijuh poiuytrewq pokemon1 pokemon123
poland12 polonez1 polska12 polska123 polska1234 polska1918 polska2012 polskapolska pomarancza porsche1 porsche911
portofcp portugal portugal1 portugal12 postgres postgres1 poznan12 precious precious1 princesa princesa1 princesa123
princess princess1 princess12 princess123 professor przemek1 przemek123 przyjaciel przyjaciolka pumpkin1 purple12
purple123 pussy123 pussycat q12345678 q123456789 q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6 qaz12345 qazqazqaz qazwsx123
qazwsxedc qazwsxedcrfv qazxswedc qwe12345 qwe123qwe qweasd123 qweasdzx qweasdzxc qweqweqwe qwer1234 qwer12345
qwerasdf qwerfdsa qwertasdfg qwerty00 qwerty1! qwerty11 qwerty12 qwerty123 qwerty1234 qwerty12345 qwerty123456
qwerty2020 qwerty21 qwerty789 qwerty99 qwertyqwerty qwertyui qwertyuio qwertyuiop qwertyuiop1 qwertyuiop123
qwertz123 qwertzui qwertzuiop rafael12 rafael123 rafaela1 rafal123 rainbow1 rainbows raspberry realmadrid rebecca1
redhead1 redskins ricardo1 ricardo123 richard1 robert12 robert123 robertlewandowski rocknroll rockstar rockstar1
rodrigo1 rodrigo123 rodzina1 ronaldinho ronaldo7 ronaldo9 root1234 rootroot ruchchorzow sales123 samantha samantha1
samochod samochod1 samsung1 samsung123 santos12 santosfc saopaulo saopaulo1 saturday saudades schalke04 schatz12
scooter1 scotland1 sebastian sebastian1 sebastian12 secret123 secret1234 secrets1 secretword security security1
security123 senha123 senha1234 senha12345 senhasenha september september1 serenity server123 service1 sexsexsex
sexy1234 shadow12 shadow123 silver12 skywalker slipknot slipknot1 sloneczko sloneczko1 slonko12 snapchat snowball
snowflake snowman1 soccer12 soccer123 softball soldier1 soleil12 something sommer12 spiderman spiderman1 sporting
spring2024 spring2025 spring2026 stallion starcraft stargate starlight startrek startrek1 starwars starwars1
steelers steelers1 stephanie stokrotka strawberry summer12 summer123 summer2020 summer2023 summer2024 summer2025
summer2026 sundays1 sunflower sunshine sunshine1 sunshine123 superman superman1 superman123 supersecret support1
support123 sweetheart sweetie1 sweetpea swimming system123 szczecin szkola12 szymon12 szymon123 tajnehaslo tatus123
taylor123 taylor13 teamo123 teamo1234 teamomuito temp1234 temporary temppass temppass1 tequiero tequiero1
tequieromucho terminator test1234 test12345 tester123 testing1 testing123 testtest testuser theodore thepassword
thiago12 thiago123 thomas123 thunder1 tiago123 tiger123 tigers12 tigger12 tomasz12 tomasz123 tomek123 toor1234
topsecret trabalho trinity1 trocar123 truelove truskawka truskawka1 trustno1 trustnoone twitter1 ubuntu123 user1234
username valentina vampire1 vanessa1 vasco123 vascodagama veronica victoria victoria1 vinicius vinicius1 vitoria1
vitoria123 voldemort volleyball voyager1 w1234567 wakacje1 warcraft1 warriors warszawa warszawa1 watermelon welcome!
welcome01 welcome1 welcome12 welcome123 welcome1234 welcome2 welcome2020 welcome2024 welcome2025 welcome2026
weronika weronika1 whatever whatever1 whatsapp whitecat widzew12 william1 windows1 windows10 windows7 winner123
winter12 winter123 winter2023 winter2024 winter2025 winter2026 wislakrakow wojciech wojtek12 wojtek123 wolnosc1
wolverine worldofwarcraft wroclaw1 xxxxxxxx xyz12345 yamaha12 yankees1 yellow12 yesyesyes yourpassword youtube1
z1x2c3v4 zaq12wsx zaq12wsx1 zaq12wsxcde3 zaq1@wsx zaq1xsw2 zaq1zaq1 zaqwsxcde zaqxswcde zmienhaslo zombie12 zuzanna1
zuzia123 zxasqw12 zxcasdqwe zxcv1234 zxcvbnm, zxcvbnm1 zxcvbnm123 zxcvbnmasd zxczxczxc zzzzzzzz
`
    .trim()
    .split(/\s+/),
);
